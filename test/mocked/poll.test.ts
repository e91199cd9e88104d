import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ApiResponse } from "../../src/api/transport";
import { type PollOptions, pollStatus, readStatuses, readTimeout } from "../../src/cli/poll";
import { AtoaError, type ErrorKind } from "../../src/errors";
import type { JsonValue } from "../../src/json";

/** Waiting moves the clock instead. */
const gaps = vi.hoisted((): number[] => []);
vi.mock("node:timers/promises", () => ({
  setTimeout: async (ms: number) => {
    gaps.push(ms);
    vi.advanceTimersByTime(ms);
  },
}));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
  gaps.length = 0;
  return () => vi.useRealTimers();
});

/** Answers one after the other, the last for ever; an error is thrown. */
function answering(...answers: (string | Error)[]): () => Promise<ApiResponse> {
  return async () => {
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (next instanceof Error) throw next;
    return response({ status: next ?? "" });
  };
}

function response(value: JsonValue | undefined): ApiResponse {
  return { status: 200, requestId: "r-1", value };
}

function failed(kind: ErrorKind, status?: number): AtoaError {
  return new AtoaError({ kind, message: "no", hint: "nothing", status });
}

const silent = () => undefined;
const poll = async (...answers: (string | Error)[]) => (await pollStatus(answering(...answers), silent)).response.value;
const patient = (patience: PollOptions, ...answers: (string | Error)[]) =>
  pollStatus(answering(...answers), silent, patience);

describe("pollStatus", () => {
  it.each(["COMPLETED", "AUTHORIZED", "FAILED", "CANCELLED", "EXPIRED", "REFUNDED"])(
    "ends at once at %s",
    async (status) => {
      expect(await poll(status)).toEqual({ status });
      expect(gaps).toEqual([]);
    },
  );

  it.each(["PAYMENT_NOT_INITIATED", "AWAITING_AUTHORIZATION", "PENDING", "SOMETHING_NEW"])(
    "waits at %s",
    async (status) => {
      expect(await poll(status, "COMPLETED")).toEqual({ status: "COMPLETED" });
      expect(gaps).toEqual([5000]);
    },
  );

  it("grows its gaps by half up to 10 s, gives up after three minutes and says the last status", async () => {
    expect(await patient({}, "AWAITING_AUTHORIZATION", "PENDING")).toMatchObject({
      response: { value: { status: "PENDING" } },
      unmet: { kind: "failure", summary: "The payment is still PENDING after 3 minutes" },
    });
    expect(gaps.slice(0, 6)).toEqual([5000, 7500, 10000, 10000, 10000, 10000]);
    expect(gaps.every((gap) => gap <= 10_000)).toBe(true);
    const waited = gaps.reduce((sum, gap) => sum + gap, 0);
    expect(waited).toBe(179_000);
  });

  it("takes an empty answer for an answer, not for the end of its patience", async () => {
    const answers = [response(undefined), response({ status: "COMPLETED" })];
    const last = await pollStatus(
      async () => answers.shift() ?? response(undefined),
      () => undefined,
    );
    expect(last.response.value).toEqual({ status: "COMPLETED" });
    expect(gaps).toEqual([5000]);
  });

  it("gives up after three minutes on a question that hangs", async () => {
    const ended = expect(
      pollStatus(
        () => new Promise(() => {}),
        () => undefined,
      ),
    ).rejects.toMatchObject({
      kind: "network",
      summary: "No response came within 3 minutes",
    });
    await vi.advanceTimersByTimeAsync(180_000);
    await ended;
  });

  it("counts by a clock that nobody sets", async () => {
    const wall = vi.spyOn(Date, "now").mockReturnValueOnce(0).mockReturnValue(600_000);
    expect(await poll("PENDING", "COMPLETED")).toEqual({ status: "COMPLETED" });
    wall.mockRestore();
  });

  it("ends at a failure of the very first question", async () => {
    await expect(poll(failed("network"), "COMPLETED")).rejects.toMatchObject({ kind: "network" });
  });

  it("goes on after a rate limit, a blip of the network and a 5xx", async () => {
    const blips = [failed("rateLimited", 429), failed("network"), failed("failure", 503)];
    expect(await poll("PENDING", ...blips, "COMPLETED")).toEqual({ status: "COMPLETED" });
    expect(gaps).toHaveLength(4);
  });

  it.each<[ErrorKind, number | undefined]>([
    ["auth", 401],
    ["notFound", 404],
    ["usage", 400],
    ["failure", undefined],
    ["interrupted", undefined],
  ])("ends at what waiting cannot change: %s %s", async (kind, status) => {
    await expect(poll("PENDING", failed(kind, status))).rejects.toMatchObject({ kind });
    expect(gaps).toEqual([5000]);
  });

  it("passes a bug on", async () => {
    await expect(poll(new TypeError("oops"))).rejects.toThrow("oops");
  });

  it("reports each status", async () => {
    const said: string[] = [];
    await pollStatus(answering("PAYMENT_NOT_INITIATED", "PENDING", "COMPLETED"), (text) => said.push(text));
    expect(said).toEqual(["PAYMENT_NOT_INITIATED; checking again in 5 s", "PENDING; checking again in 8 s"]);
  });

  it("ends at a status that is waited for, final or not", async () => {
    expect(
      await patient({ until: ["PENDING", "COMPLETED"] }, "AWAITING_AUTHORIZATION", "PENDING", "COMPLETED"),
    ).toEqual({
      response: response({ status: "PENDING" }),
    });
  });

  it("ends at once at another final status, and says so", async () => {
    const { response: last, unmet } = await patient({ until: ["COMPLETED", "REFUNDED"] }, "PENDING", "FAILED");
    expect(last.value).toEqual({ status: "FAILED" });
    expect(unmet).toMatchObject({
      kind: "failure",
      summary: "The payment is FAILED, which is final, but not COMPLETED or REFUNDED",
    });
    expect(gaps).toEqual([5000]);
  });

  it.each([
    [3_000, [2000], "3 seconds"],
    [30_000, [5000, 7500, 10_000, 6500], "30 seconds"],
    [60_000, [5000, 7500, 10_000, 10_000, 10_000, 10_000, 6500], "1 minute"],
  ])("uses all of %d ms, the last of them for one more question", async (limit, waits, words) => {
    const { response: last, unmet } = await patient({ limit }, "PENDING");
    expect(last.value).toEqual({ status: "PENDING" });
    expect(unmet?.summary).toBe(`The payment is still PENDING after ${words}`);
    expect(gaps).toEqual(waits);
  });
});

describe("readStatuses", () => {
  it("takes statuses in any letter case, with blanks", () => {
    expect(readStatuses("completed, Failed")).toEqual(["COMPLETED", "FAILED"]);
  });

  it.each(["", "COMPLETED,", "PAID", "toString"])("refuses %j", (text) => {
    expect(() => readStatuses(text)).toThrow("--until must be one or more of PAYMENT_NOT_INITIATED, ");
  });
});

describe("readTimeout", () => {
  it.each([
    ["30", 30_000],
    ["30s", 30_000],
    ["5m", 300_000],
    ["1440M", 86_400_000],
  ])("reads %s as %d ms", (text, ms) => {
    expect(readTimeout(text)).toBe(ms);
  });

  it.each(["", "0", "0s", "-1", "1.5m", "1h", "m", "1441m", "999999999", "ten"])("refuses %j", (text) => {
    expect(() => readTimeout(text)).toThrow("--timeout must be from 1s to 1440m");
  });
});
