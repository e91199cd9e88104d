import type { ChildProcess } from "node:child_process";
import { describe, expect, it } from "vitest";
import { atoa } from "../e2e/program";
import { pairedHome, token } from "./observed";
import { httpServer } from "./servers";

/** Ctrl-C while the network is at work: exit 130 at once, and a write says what may have become of it. */

const windows = process.platform === "win32";
const write = ["payments", "create", "--amount", "1.00", "--orderId", "o-1", "--idempotencyKey", "night-1"];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from Ctrl-C to the end. */
  readonly ms: number;
}

/** Runs `atoa` against a server that calls `reached` at each request, and presses Ctrl-C when `when` says so. */
async function interrupt(
  argv: readonly string[],
  answer: (nth: number, stop: () => void) => number | undefined,
): Promise<Ended> {
  const state: { child?: ChildProcess; pressed: number; nth: number } = { pressed: 0, nth: 0 };
  const press = (): void => {
    state.pressed = performance.now();
    state.child?.kill("SIGINT");
  };
  const { origin } = await httpServer((_, response) => {
    const status = answer(++state.nth, () => setTimeout(press, 50));
    if (status !== undefined) response.writeHead(status).end();
  });
  const { code, stdout, stderr } = await atoa(argv, {
    env: { ATOA_HOME: pairedHome(origin), ATOA_BASE_URL: origin, ATOA_MAX_RETRIES: undefined },
    limit: 60_000,
    whileRunning: (child) => {
      state.child = child;
    },
  });
  expect(stderr).not.toContain(token);
  expect(stderr).not.toContain("    at ");
  return { code, stdout, stderr, ms: performance.now() - state.pressed };
}

describe.skipIf(windows)("Ctrl-C", () => {
  it("while the server is silent: a read just ends", async () => {
    const ended = await interrupt(["stores", "list"], (_, stop) => void stop());
    expect(ended).toMatchObject({ code: 130, stdout: "", stderr: "Interrupted.\n" });
    expect(ended.ms).toBeLessThan(5000);
  });

  it("while the server is silent: a write names its key", async () => {
    const ended = await interrupt(write, (_, stop) => void stop());
    expect(ended).toMatchObject({ code: 130, stdout: "" });
    expect(ended.stderr).toMatch(
      /may still have been processed — run the same command again with --idempotencyKey night-1/,
    );
    expect(ended.ms).toBeLessThan(5000);
  });

  it("in the pause before a retry ends the pause", async () => {
    const ended = await interrupt(["stores", "list"], (_, stop) => {
      stop();
      return 503;
    });
    expect(ended).toMatchObject({ code: 130, stdout: "" });
    expect(ended.ms).toBeLessThan(5000);
  });

  it("in the pause of --poll ends the pause", async () => {
    const ended = await interrupt(["payments", "status", "pr_1", "--poll"], (_, stop) => {
      stop();
      return 429;
    });
    expect(ended).toMatchObject({ code: 130, stdout: "" });
    expect(ended.ms).toBeLessThan(5000);
  });
});
