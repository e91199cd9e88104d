import { EmulatorError } from "../emulator-error";
import type { Fault } from "../handle";

/** What goes wrong, once the fault applies. */
export const faultKinds = [
  /** Answers `status` and changes nothing. */
  "status",
  /** Cuts the connection before anything has changed. */
  "reset-before-commit",
  /** Does what was asked, then cuts the connection: the caller cannot know. */
  "reset-after-commit",
  /** Never answers; nothing has changed. */
  "hang",
  /** Does what was asked and never answers. */
  "hang-after-commit",
  /** Sends the right answer a few bytes at a time. */
  "slow-drip",
  /** Sends the right answer cut off in the middle, as JSON that is none. */
  "broken-json",
  /** Refuses with an error message that repeats the caller's token: for tests that look for leaks. */
  "echo-token",
  /** Only late: the answer is right. */
  "latency",
] as const;

type FaultKind = (typeof faultKinds)[number];

const example = "for example: POST /api/refund reset-after-commit 1";

function broken(text: string, why: string): EmulatorError {
  const hint = `write METHOD PATH KIND [name=value …] [times], ${example}`;
  return new EmulatorError("bad-request", `Fault '${text}': ${why}`, "FAULT_NOT_VALID", { hint });
}

/**
 * Reads the one-line form of a fault: `METHOD PATH KIND [name=value …] [times]`.
 * KIND is one of `faultKinds`, or `status=503`, or `latency=250` (milliseconds). Names: status, latency, retry-after, skip, times,
 * merchant (its id), body (JSON or text; takes the rest of the line).
 * @throws EmulatorError bad-request
 */
export function parseFault(text: string): Fault {
  const [, method, path, tail] = /^\s*([A-Za-z]+|\*)\s+(\/\S*)\s+(\S.*?)\s*$/s.exec(text) ?? [];
  if (method === undefined || path === undefined || tail === undefined)
    throw broken(text, "it needs a method, a path and a kind");
  const at = tail.search(/(?:^|\s)body=/);
  const words = (at === -1 ? tail : tail.slice(0, at)).split(/\s+/).filter((word) => word !== "");
  const fields: Record<string, unknown> = { method, path };
  if (at !== -1) fields.body = jsonOrText(tail.slice(tail.indexOf("body=", at) + 5));
  for (const [index, word] of words.entries()) {
    const last = index === words.length - 1;
    const [name, value] = /^\d+$/.test(word) && last ? ["times", Number(word)] : namedValue(text, word);
    if (name in fields) throw broken(text, `${name === "kind" ? "it has two kinds" : `${name} is given twice`}`);
    fields[name] = value;
  }
  return faultFrom(fields, text);
}

/** `status=503`, `retry-after=2`, or the kind alone. */
function namedValue(text: string, word: string): [string, unknown] {
  const [name = "", value] = word.split(/=(.*)/s);
  if (value === undefined) return ["kind", word];
  const textual = textNames[name];
  return textual === undefined ? [name, numeric(text, name, value)] : [textual, value];
}

/**
 * Reads what a faults file holds: a JSON list of faults as objects or lines, or one line a fault, where # begins a comment.
 * @throws EmulatorError bad-request
 */
export function parseFaults(text: string): Fault[] {
  const value = /^\s*[[{]/.test(text) ? jsonOrText(text) : undefined;
  if (typeof value === "string") throw broken(text.slice(0, 40), "the file looks like JSON but is not valid");
  if (value !== undefined) return (Array.isArray(value) ? value : [value]).map((entry: unknown) => faultFrom(entry));
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  return lines.map((line) => parseFault(line));
}

/**
 * Reads the JSON form, as a control call or a faults file has it.
 * @throws EmulatorError bad-request
 */
export function faultFrom(value: unknown, text = JSON.stringify(value)): Fault {
  if (typeof value === "string") return parseFault(value);
  if (typeof value !== "object" || value === null) throw broken(text, "it must be a string or an object");
  const fields: Record<string, unknown> = { ...value };
  const stranger = Object.keys(fields).find((name) => !fieldNames.includes(name));
  if (stranger !== undefined) throw broken(text, `${stranger} is not a field of a fault`);
  const { path } = fields;
  if (typeof path !== "string" || !path.startsWith("/")) throw broken(text, "the path must start with /");
  if (path.split("/").slice(0, -1).includes("**")) throw broken(text, "** is only allowed at the end of the path");
  const kind = fields.kind ?? (fields.status !== undefined ? "status" : "latency");
  if (!isKind(kind)) throw broken(text, `the kind must be one of ${faultKinds.join(", ")}`);
  if (kind !== "status" && kind !== "echo-token" && fields.status !== undefined)
    throw broken(text, `it has two kinds, ${kind} and status`);
  const numbers = wholeNumbers(fields, text);
  const { status = 0 } = numbers;
  if (kind === "status" && !(status >= 200 && status <= 599)) throw broken(text, "status must be from 200 to 599");
  if (kind === "latency" && numbers.latency === undefined) throw broken(text, "latency=<milliseconds> is missing");
  return {
    method: typeof fields.method === "string" ? fields.method.toUpperCase() : "*",
    path,
    kind,
    ...numbers,
    ...textsOf(fields, text),
  };
}

function textsOf(
  { body, retryAfter, merchantId }: Record<string, unknown>,
  text: string,
): Pick<Fault, "body" | "retryAfter" | "merchantId"> {
  if (merchantId !== undefined && (typeof merchantId !== "string" || merchantId === ""))
    throw broken(text, "the merchant must be the id of a business");
  return {
    ...(body === undefined ? {} : { body }),
    ...(retryAfter === undefined ? {} : { retryAfter: String(retryAfter) }),
    ...(merchantId === undefined ? {} : { merchantId }),
  };
}

const numberNames = ["status", "latency", "times", "skip"] as const;
const fieldNames: readonly string[] = ["method", "path", "kind", "body", "retryAfter", "merchantId", ...numberNames];
/** As they stand on a line, and the fields that they fill. */
const textNames: Readonly<Record<string, string>> = { "retry-after": "retryAfter", merchant: "merchantId" };

function isKind(value: unknown): value is FaultKind {
  return (faultKinds as readonly unknown[]).includes(value);
}

function wholeNumbers(
  fields: Record<string, unknown>,
  text: string,
): Partial<Record<(typeof numberNames)[number], number>> {
  const numbers: Partial<Record<(typeof numberNames)[number], number>> = {};
  for (const name of numberNames) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
      throw broken(text, `${name} must be a whole number`);
    numbers[name] = value;
  }
  return numbers;
}

function numeric(text: string, name: string, value: string): number {
  if (!(numberNames as readonly string[]).includes(name)) throw broken(text, `${name} is not a field of a fault`);
  if (!/^\d+$/.test(value)) throw broken(text, `${name} must be a whole number`);
  return Number(value);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
