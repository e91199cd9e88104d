/** From the bytes of a response to a value. */
import type { ErrorFacts } from "../errors";
import { isRecord, type JsonValue, parseJson } from "../json";

/** Larger bodies are refused: nothing the API sends comes near. Bytes. */
export const largestBody = 64 * 1024 * 1024;

export type Body =
  | { type: "value"; value: JsonValue }
  | { type: "empty" }
  | { type: "unreadable"; problem: Pick<ErrorFacts, "message" | "hint"> };

const advice = "check that ATOA_BASE_URL and the proxy lead to the Atoa API, and tell Atoa support if they do";

/** Reads a body that ought to be JSON. A byte order mark is tolerated, blank is empty. */
export function readBody(bytes: Uint8Array, contentType: string): Body {
  if (bytes.byteLength === 0) return { type: "empty" };
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return unreadable("the server's response is not valid UTF-8 text");
  }
  if (source.trim() === "") return { type: "empty" };
  let value: JsonValue;
  try {
    value = parseJson(source);
  } catch {
    return unreadable(notJson(source, contentType));
  }
  if (isDeeperThan(deepestNesting, value)) return unreadable("the server's response is nested too deeply");
  return { type: "value", value };
}

/** Deeper values are refused: everything that prints one goes down level by level and would run out of stack. */
const deepestNesting = 200;

function isDeeperThan(levels: number, value: JsonValue): boolean {
  if (!isRecord(value) && !Array.isArray(value)) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

/** The value of an error body, as far as there is one. */
export function objectIn(body: Body): unknown {
  return body.type === "value" && isRecord(body.value) ? body.value : undefined;
}

export function unreadable(message: string): Body {
  return { type: "unreadable", problem: { message, hint: advice } };
}

function notJson(source: string, contentType: string): string {
  if (/\bjson\b/i.test(contentType)) return "the server's response claims to be JSON but is not";
  if (/html/i.test(contentType) || /^\s*<(!doctype|html)/i.test(source)) {
    return "the server responded with a web page instead of JSON";
  }
  return "the server's response is not JSON";
}
