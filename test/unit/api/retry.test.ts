import { describe, expect, test } from "vitest";
import { readLimits } from "../../../src/api/network-settings";
import type { Method } from "../../../src/api/operations";
import { type Outcome, parseRetryAfter, retryDelayMs, shouldRetry } from "../../../src/api/retry";

const answered = (status: number, retryAfterMs?: number): Outcome => ({ type: "answered", status, retryAfterMs });
const failed = (connected: boolean, permanent = false): Outcome => ({ type: "failed", connected, permanent });

describe("shouldRetry", () => {
  const cases: [string, Outcome, Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", boolean>][] = [
    ["429", answered(429), { GET: true, POST: true, PUT: true, PATCH: true, DELETE: false }],
    ["502", answered(502), { GET: true, POST: true, PUT: true, PATCH: true, DELETE: false }],
    ["503", answered(503), { GET: true, POST: true, PUT: true, PATCH: true, DELETE: false }],
    ["504", answered(504), { GET: true, POST: true, PUT: true, PATCH: true, DELETE: false }],
    ["503 in 30 s", answered(503, 30_000), { GET: true, POST: true, PUT: true, PATCH: true, DELETE: false }],
    ["429 in 31 s", answered(429, 31_000), { GET: false, POST: false, PUT: false, PATCH: false, DELETE: false }],
    ["not sent", failed(false), { GET: true, POST: true, PUT: true, PATCH: true, DELETE: true }],
    ["broken off", failed(true), { GET: true, POST: true, PUT: true, PATCH: true, DELETE: false }],
    ["bad certificate", failed(false, true), { GET: false, POST: false, PUT: false, PATCH: false, DELETE: false }],
    ...[200, 302, 400, 401, 403, 404, 408, 409, 422, 425, 500, 501].map((status): (typeof cases)[number] => [
      String(status),
      answered(status),
      { GET: false, POST: false, PUT: false, PATCH: false, DELETE: false },
    ]),
  ];
  test.each(cases)("%s", (_, outcome, expected) => {
    for (const [method, retried] of Object.entries(expected)) {
      expect(shouldRetry(method as Method, outcome, 1), method).toBe(retried);
      expect(shouldRetry(method as Method, outcome, 2), method).toBe(retried);
      expect(shouldRetry(method as Method, outcome, 3), method).toBe(false);
      expect(shouldRetry(method as Method, outcome, 1, 0), method).toBe(false);
    }
  });
});

describe("the wait", () => {
  test("doubles, and half of it is chance", () => {
    expect([1, 2, 3].map((attempt) => retryDelayMs(failed(true), attempt, () => 0))).toEqual([250, 500, 1000]);
    expect([1, 2, 3].map((attempt) => retryDelayMs(failed(true), attempt, () => 1))).toEqual([500, 1000, 2000]);
  });
  test("is what the server asks for", () => {
    expect(retryDelayMs(answered(429, 7000), 1)).toBe(7000);
    expect(retryDelayMs(answered(503, 0), 2)).toBe(0);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-01-10T09:00:00Z");
  test.each([
    ["0", 0],
    ["30", 30_000],
    [" 120 ", 120_000],
    ["Sat, 10 Jan 2026 09:00:20 GMT", 20_000],
    ["Saturday, 10-Jan-26 09:00:20 GMT", 20_000],
    ["Sat Jan 10 09:00:20 2026", 20_000],
    ["Sat, 10 Jan 2026 08:00:00 GMT", 0],
    ["", undefined],
    [undefined, undefined],
    ["soon", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["Monday", undefined],
    ["2026-01-10T09:00:20Z", undefined],
  ])("%j", (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});

describe("limits of the environment", () => {
  test("have defaults", () => {
    expect(readLimits({})).toEqual({ timeoutMs: 30_000, maxRetries: 2 });
    expect(readLimits({ ATOA_TIMEOUT: "", ATOA_MAX_RETRIES: "" })).toEqual({ timeoutMs: 30_000, maxRetries: 2 });
  });
  test("are taken", () => {
    expect(readLimits({ ATOA_TIMEOUT: "0.5", ATOA_MAX_RETRIES: "0" })).toEqual({ timeoutMs: 500, maxRetries: 0 });
  });
  test.each([
    { ATOA_TIMEOUT: "0" },
    { ATOA_TIMEOUT: "-1" },
    { ATOA_TIMEOUT: "30s" },
    { ATOA_TIMEOUT: "1e3" },
    { ATOA_TIMEOUT: "3601" },
    { ATOA_MAX_RETRIES: "-1" },
    { ATOA_MAX_RETRIES: "11" },
    { ATOA_MAX_RETRIES: "two" },
    { ATOA_MAX_RETRIES: "1.5" },
  ])("%j is refused", (environment) => {
    expect(() => readLimits(environment)).toThrow(expect.objectContaining({ kind: "usage" }));
  });
});
