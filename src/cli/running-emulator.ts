import { Flags } from "@oclif/core";
import { isLoopback } from "../api/network-settings";
import { AtoaError, type ErrorKind, usageError } from "../errors";
import { isRecord } from "../json";

/** How `emulator approve` and its sisters find the emulator that runs, and what they ask of its control API. */

export const urlFlag = {
  url: Flags.string({
    summary: "Emulator URL; default: ATOA_EMULATOR_URL, a loopback ATOA_BASE_URL, then http://127.0.0.1:4010.",
    helpValue: "<url>",
  }),
};

export interface ControlRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below /__emulator. */
  readonly path: string;
  /** An object is sent as JSON, text as it is. */
  readonly body?: unknown;
}

/**
 * Asks the emulator that runs.
 * @returns what it answers
 * @throws AtoaError kind network when nobody is there, notFound for an id that nobody has, usage for what it refuses
 */
export async function askEmulator(url: string | undefined, { method, path, body }: ControlRequest): Promise<unknown> {
  const origin = addressOf(url);
  const token = process.env.ATOA_EMULATOR_CONTROL_TOKEN;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${origin}/__emulator${path}`, {
      method,
      redirect: "error",
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (error) {
    throw new AtoaError({
      kind: "network",
      message: `No emulator is running at ${origin}`,
      hint: "start one with `atoa emulator start`, or pass its address with --url",
      cause: error,
    });
  }
  const value = parsed(text);
  if (response.ok && value !== undefined) return value;
  const message = isRecord(value) && typeof value.message === "string" ? value.message : undefined;
  if (message === undefined) {
    const hint = "check --url, ATOA_EMULATOR_URL and ATOA_BASE_URL";
    throw new AtoaError({ kind: "failure", message: `The server at ${origin} is not an Atoa emulator`, hint });
  }
  const kind = kinds[response.status] ?? "failure";
  throw new AtoaError({ kind, message, hint: hints[kind] ?? "check the emulator's log", status: response.status });
}

const kinds: Readonly<Record<number, ErrorKind>> = { 400: "usage", 401: "auth", 403: "auth", 404: "notFound" };
const hints: Readonly<Partial<Record<ErrorKind, string>>> = {
  usage: "check your input, and the payment's status with `atoa payments status`",
  auth: "run it on the emulator's machine, or set ATOA_EMULATOR_CONTROL_TOKEN to its --controlToken",
  notFound: "check the id; the emulator's web page lists the existing ones",
};

function addressOf(url: string | undefined): string {
  const base = process.env.ATOA_BASE_URL;
  const chosen = url ?? process.env.ATOA_EMULATOR_URL ?? (isLocal(base) ? base : undefined) ?? "http://127.0.0.1:4010";
  if (!URL.canParse(chosen) || !/^https?:$/.test(new URL(chosen).protocol))
    throw usageError("The emulator's address must be an HTTP URL", "use a URL such as http://127.0.0.1:4010", "url");
  return new URL(chosen).origin;
}

function isLocal(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && isLoopback(new URL(url).hostname);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
