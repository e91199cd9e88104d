import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Progress } from "../../../src/terminal/terminal";

const { isTTY } = process.stderr;
let shown: string[] = [];

beforeEach(() => {
  shown = [];
  process.stderr.isTTY = true;
  vi.useFakeTimers();
  vi.spyOn(process.stderr, "write").mockImplementation((text) => shown.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  process.stderr.isTTY = isTTY;
});

test("a line is shown after a second", () => {
  const progress = new Progress();
  progress.update("50 items so far");
  vi.advanceTimersByTime(999);
  expect(shown.join("")).toBe("");
  vi.advanceTimersByTime(1);
  expect(shown.join("")).toContain("50 items so far");
  progress.done();
});

test("work that is done before the second is over shows none, later either", () => {
  const progress = new Progress();
  progress.update("50 items so far");
  progress.done();
  vi.advanceTimersByTime(5000);
  expect(shown.join("")).not.toContain("items");
});
