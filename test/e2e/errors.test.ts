import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { codeOf, type ErrorCode, errorCodes } from "../../src/errors";
import { codeWords, tableRows } from "../docs/markdown";
import { lanePool } from "./lanes";
import { stateFiles, writeStateFiles } from "./pairing";
import { bareEnvironment, program, root, temporaryFolder } from "./program";
import { shellWords } from "./shell-words";

/** `--errors json`: a situation for each code, the table of the documentation, and what a program gets beside the error. */

const pool = lanePool();
const nowhere = temporaryFolder();

const sandboxOnly = temporaryFolder();
const twoProfiles = temporaryFolder();
const boom = join(temporaryFolder(), "boom.cjs");
beforeAll(() => {
  const origin = "https://api.atoa.me";
  const { config } = stateFiles(origin, "test-token-sandbox-codes");
  writeStateFiles(sandboxOnly, { config });
  const { activeProfile: _, profiles, ...rest } = JSON.parse(config);
  const two = { ...rest, profiles: { one: profiles.acme, two: profiles.acme } };
  writeStateFiles(twoProfiles, { config: JSON.stringify(two) });
  writeFileSync(boom, 'if (process.argv[1]?.endsWith("run.js")) process.nextTick(() => { throw new Error("boom"); });');
});

interface Situation {
  readonly line: string;
  readonly faults?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Facts of the error beside its code. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

const refund = "refunds create --paymentRequestId pr_abc123 --amount 5 --yes --idempotencyKey night/1";

const situations: Partial<Record<ErrorCode, Situation>> = {
  INVALID_INPUT: { line: "payments create --amount 0 --orderId o-1", facts: { kind: "usage", field: "--amount" } },
  MISSING_INPUT: { line: "payments status", facts: { kind: "usage", field: "<id>" } },
  UNKNOWN_COMMAND: { line: "paymnts create", facts: { kind: "usage", exitCode: 3 } },
  UNKNOWN_FLAG: { line: "stores list --pageall2 x", facts: { kind: "usage", field: "--pageall2" } },
  NEEDS_CONFIRMATION: { line: "payments cancel pr_abc123", facts: { kind: "usage", exitCode: 3 } },
  NO_PROFILE: { line: "stores list", env: { ATOA_HOME: nowhere }, facts: { kind: "auth", exitCode: 2 } },
  NOT_AUTHORISED: { line: "stores list", faults: ["GET /api/payments/stores status=401"], facts: { status: 401 } },
  NOT_FOUND: { line: "customers get cust_nope", facts: { kind: "notFound", exitCode: 4, status: 404 } },
  RATE_LIMITED: { line: "stores list", faults: ["GET /api/payments/stores status=429"], facts: { exitCode: 5 } },
  NO_ANSWER: {
    line: refund,
    faults: ["POST /api/refund reset-after-commit"],
    facts: {
      exitCode: 6,
      outcomeUnknown: true,
      idempotencyKey: "night/1",
      resume: [
        ...["atoa", "refunds", "create", "--paymentRequestId=pr_abc123", "--amount=5", "--yes"],
        ...["--idempotencyKey=night/1", "--profile=acme", "--env=sandbox"],
      ],
    },
  },
  SERVER_ERROR: {
    line: refund,
    faults: ["POST /api/refund status=500"],
    facts: { status: 500, outcomeUnknown: true, idempotencyKey: "night/1" },
  },
  UNEXPECTED_RESPONSE: { line: "stores list", faults: ["GET /api/payments/stores status=418"], facts: { exitCode: 1 } },
  STATUS_NOT_REACHED: { line: "payments status pr_abc123 --until FAILED", facts: { kind: "failure", exitCode: 1 } },
  NO_CREDENTIALS: { line: "stores list --env production", env: { ATOA_HOME: sandboxOnly }, facts: { exitCode: 2 } },
  AMBIGUOUS_PROFILE: { line: "stores list", env: { ATOA_HOME: twoProfiles }, facts: { kind: "usage", exitCode: 3 } },
  INTERNAL: {
    line: "stores list",
    env: { NODE_OPTIONS: `--require ${boom}` },
    facts: { kind: "failure", exitCode: 1 },
  },
  FAILED: { line: "stores list", env: { ATOA_HOME: join(root, "package.json") }, facts: { exitCode: 1 } },
};

describe.concurrent("a code a situation", () => {
  it.for(Object.entries(situations))("%s", ([code, { line, faults = [], env = {}, facts = {} }]) =>
    pool.use(async (lane) => {
      for (const fault of faults) lane.emulator.fault(fault);
      const outcome = await lane.run([...shellWords(line), "--errors", "json"], { env });
      const { error } = JSON.parse(outcome.stderr);
      expect(error).toMatchObject({ code, exitCode: outcome.code, ...facts });
    }),
  );
});

describe("the other codes", () => {
  it("come from the kind of the error", () => {
    expect(codeOf({ kind: "auth" })).toBe("NO_CREDENTIALS");
    expect(codeOf({ kind: "auth", status: 403 })).toBe("NOT_AUTHORISED");
    expect(codeOf({ kind: "aborted" })).toBe("ABORTED");
    expect(codeOf({ kind: "failure", code: "OUTPUT_FAILED", status: 200 })).toBe("OUTPUT_FAILED");
  });

  it.runIf(process.platform === "linux")(
    "OUTPUT_FAILED: the write was done, and its response could not be printed",
    () =>
      pool.use(async ({ emulator, home }) => {
        const env = { ...bareEnvironment(), ATOA_HOME: home, ATOA_BASE_URL: emulator.origin, ATOA_ERRORS: "json" };
        const script = 'exec "$@" > /dev/full';
        const argv = ["-c", script, "sh", process.execPath, program, ...shellWords(refund)];
        const { code, stderr } = await ended("sh", argv, env);
        expect([code, JSON.parse(stderr).error.code]).toEqual([1, "OUTPUT_FAILED"]);
      }),
  );

  it.skipIf(process.platform === "win32")("INTERRUPTED: Ctrl-C during a write leaves its outcome unknown", () =>
    pool.use(async ({ emulator, home }) => {
      emulator.fault("POST /api/refund latency=20000");
      const env = { ...bareEnvironment(), ATOA_HOME: home, ATOA_BASE_URL: emulator.origin };
      const argv = [program, ...shellWords(refund), "--errors=json"];
      const run = ended(process.execPath, argv, env, async (child) => {
        await expect.poll(() => emulator.requests().length, { timeout: 15_000 }).toBe(1);
        child.kill("SIGINT");
      });
      const { code, stderr } = await run;
      expect(code).toBe(130);
      expect(JSON.parse(stderr).error).toMatchObject({
        ...{ kind: "interrupted", code: "INTERRUPTED", exitCode: 130, outcomeUnknown: true, idempotencyKey: "night/1" },
        resume: expect.arrayContaining(["--idempotencyKey=night/1"]),
      });
    }),
  );
});

describe("what stands beside an error", () => {
  it("is data too: notices are warnings, --verbose is a trace", () =>
    pool.use(async ({ run }) => {
      const { stderr } = await run(["--errors", "json", "stores", "list", "--output", "table", "--verbose"]);
      const kinds = stderr
        .trimEnd()
        .split("\n")
        .map((line) => Object.keys(JSON.parse(line)).join());
      expect(kinds.slice(0, 2)).toEqual(["trace", "trace"]);
      expect(kinds.at(-1)).toBe("warning");
    }));

  it.concurrent.each([
    ["profile show nope", "<name>"],
    ["profile use nope", "<name>"],
    ["profile delete nope --yes", "<name>"],
    ["profile rename nope other --yes", "<old>"],
    ["profile rename acme Not-A-Name --yes", "<new>"],
    ["profile rename acme acme --yes", "<new>"],
    ["stores list --profile nope", "--profile"],
    ["login --stdin --env sandbox", "--stdin"],
    ["payouts reconcile", "<payoutId>"],
    ["payouts reconcile po_1 --from 7d", "<payoutId>"],
    ["payouts reconcile --from banana", "--from"],
  ])("`%s` names the field as it is typed: %s", (line, field) =>
    pool.use(async ({ run }) => {
      const { stderr } = await run([...shellWords(line), "--errors", "json"]);
      expect(JSON.parse(stderr).error.field).toBe(field);
    }),
  );

  it("a profile or token from a variable is named by it", () =>
    pool.use(async ({ run }) => {
      const fieldOf = async (env: Record<string, string>) =>
        JSON.parse((await run(["stores", "list", "--errors", "json"], { env })).stderr).error.field;
      expect(await fieldOf({ ATOA_PROFILE: "nope" })).toBe("ATOA_PROFILE");
      expect(await fieldOf({ ATOA_TOKEN: "test-token two words" })).toBe("ATOA_TOKEN");
    }));

  it("has no resume when the body came from stdin", () =>
    pool.use(async ({ run, emulator }) => {
      emulator.fault("POST /api/customers reset-after-commit");
      const { stderr } = await run(["post", "/api/customers", "--data", "-", "--yes", "--errors", "json"], {
        stdin: '{"fullName":"Ada Byron","email":"ada@example.com"}',
      });
      expect(JSON.parse(stderr).error).toMatchObject({ code: "NO_ANSWER", outcomeUnknown: true, resume: null });
    }));

  it.each([["--errors", "xml"], ["--errors"], ["--errors="]])("refuses %s %s in text", (...argv) =>
    pool.use(async ({ run }) => {
      const { code, stderr } = await run(["stores", "list", ...argv]);
      expect([code, stderr]).toEqual([3, "error: --errors must be json or text — for example: --errors json\n"]);
    }),
  );

  it("is said by the entry in the same way", async () => {
    const env = { ...bareEnvironment(), NODE_TLS_REJECT_UNAUTHORIZED: "0", ATOA_ERRORS: "json" };
    const { code, stderr } = await ended(process.execPath, [program, "stores", "list"], env);
    expect([code, JSON.parse(stderr).error.code]).toEqual([1, "FAILED"]);
  });
});

describe("docs/automation.md", () => {
  it("has the whole table of codes", () => {
    const rows = tableRows(readFileSync(join(root, "docs/automation.md"), "utf8"), "code");
    expect(rows.map(([code = "", , meaning = ""]) => [codeWords(code)[0], meaning])).toEqual(
      Object.entries(errorCodes),
    );
  });
});

function ended(
  command: string,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  meanwhile?: (child: ReturnType<typeof spawn>) => Promise<void>,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(command, argv, { env, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => (stderr += text));
  return new Promise((done, failed) => {
    child.on("close", (code) => done({ code, stderr }));
    meanwhile?.(child).catch(failed);
  });
}
