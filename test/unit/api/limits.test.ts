import { expect, it } from "vitest";
import { readLimits } from "../../../src/api/network-settings";

it.each([
  ["3600", 3_600_000],
  ["0.001", 1],
  ["", 30_000],
  [undefined, 30_000],
])("ATOA_TIMEOUT=%s is %d ms", (ATOA_TIMEOUT, timeoutMs) => {
  expect(readLimits({ ATOA_TIMEOUT })).toEqual({ timeoutMs, maxRetries: 2 });
});

it.each(["3600.001", "3601", "0", "-1", "0.0001", "1e3", " 5", "x"])("ATOA_TIMEOUT=%s is refused", (ATOA_TIMEOUT) => {
  expect(() => readLimits({ ATOA_TIMEOUT })).toThrow(/above 0 and at most 3600/);
});

it.each(["0", "10"])("ATOA_MAX_RETRIES=%s is taken", (ATOA_MAX_RETRIES) => {
  expect(readLimits({ ATOA_MAX_RETRIES }).maxRetries).toBe(Number(ATOA_MAX_RETRIES));
});

it.each(["11", "-1", "1.5", "two"])("ATOA_MAX_RETRIES=%s is refused", (ATOA_MAX_RETRIES) => {
  expect(() => readLimits({ ATOA_MAX_RETRIES })).toThrow(/0 to 10/);
});
