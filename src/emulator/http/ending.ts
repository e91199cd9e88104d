import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "./exchange";

/** How an exchange with the API ends: mostly with an answer, but a fault may have it otherwise. */
export type Ending =
  | { readonly kind: "answer" | "drip"; readonly answer: Answer }
  /** The connection is cut. */
  | { readonly kind: "cut" }
  /** Nothing ever comes. */
  | { readonly kind: "silence" };

/** Statuses that never have a body: a Response refuses to be made with one. */
const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);

const dripBytes = 8;
const dripGap = 50;

function headersOf(answer: Answer, requestId: string): Record<string, string> {
  return {
    "content-type": "application/json; charset=utf-8",
    "x-request-id": requestId,
    "cache-control": "no-store",
    ...answer.headers,
  };
}

/** An ending as a response: a cut connection is one of type "error", silence never resolves. */
export function responseOf(ending: Ending, requestId: string): Promise<Response> | Response {
  switch (ending.kind) {
    case "cut":
      return Response.error();
    case "silence":
      return new Promise(() => {});
    case "answer":
    case "drip": {
      const { status, body } = ending.answer;
      const facts = { status, headers: headersOf(ending.answer, requestId) };
      if (bodyless.has(status)) return new Response(null, facts);
      return new Response(ending.kind === "drip" ? ReadableStream.from(drops(body)) : body, facts);
    }
  }
}

async function* drops(body: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += dripBytes) {
    yield bytes.subarray(at, at + dripBytes);
    await delay(dripGap, undefined, { ref: false });
  }
}
