import { describe, expect, it } from "vitest";
import { some } from "../scale.mjs";
import type { Case } from "./cases/case";
import { files } from "./cases/files";
import { requests } from "./cases/requests";
import { type Lane, lanePool } from "./lanes";
import type { Outcome } from "./program";
import { shellWords } from "./shell-words";

/**
 * No output of any command shows a token: not with --verbose, not in a stack, not when the server repeats it. That a dry run
 * shows none is checked with each case of the table.
 */
const pool = lanePool(files);

/** One good line of each command that calls the API. */
const lines = [...new Map(requests.map((one) => [shellWords(one.line).slice(0, 2).join(" "), one])).values()];

/** The same for the commands about this machine. */
const admin = [
  "profile list",
  "profile show",
  "profile list --output table",
  "profile use acme",
  "profile set env=production --yes",
  "profile rename acme acme-uk --yes",
  "profile delete acme --yes",
  "logout --env sandbox --yes",
  "logout --env sandbox --revoke --yes",
  "reset --dryRun --revoke",
  "reset --revoke --yes",
  "keys revoke --env sandbox --yes --verbose",
];

const loud = { ATOA_DEBUG: "1", DEBUG: "*", NODE_DEBUG: "http,net,undici" };

/** `tokens`: those of the emulator, unless a rotation has changed them since. */
function expectNoToken({ stdout, stderr }: Outcome, { emulator }: Lane, tokens = { ...emulator.tokens }): void {
  for (const token of Object.values(tokens)) {
    for (const spelling of [token, encodeURIComponent(token), Buffer.from(token).toString("base64")]) {
      expect(stdout).not.toContain(spelling);
      expect(stderr).not.toContain(spelling);
    }
  }
}

describe.concurrent("--verbose", () => {
  it.for(titled(lines))("%s", ([, one]) =>
    pool.use(async (lane) => {
      prepare(one, lane);
      const outcome = await lane.run([...shellWords(one.line.replace(/ -- /, " ")), "--verbose"], { stdin: one.stdin });
      expect(outcome.code, outcome.stderr).toBe(0);
      expectNoToken(outcome, lane);
      const env = one.sends?.[0]?.with ?? "sandbox";
      expect(outcome.stderr).toContain(`> Authorization: Bearer [REDACTED…${lane.emulator.tokens[env].slice(-4)}]`);
      expect(outcome.stderr).toMatch(/^< 2\d\d in \d+ ms \(request-id \S+\)$/m);
    }),
  );
});

describe.concurrent("a server that repeats the token in an error", () => {
  it.for(titled(lines))("%s", ([, one]) =>
    pool.use(async (lane) => {
      lane.emulator.fault("* /api/** echo-token");
      const argv = [...shellWords(one.line.replace(/ -- /, " ")), "--verbose"];
      const outcome = await lane.run(argv, { stdin: one.stdin, env: { ATOA_DEBUG: "1" } });
      expect(outcome.code).toBe(3);
      expect(outcome.stderr).toMatch(/^error: refused for token \[REDACTED\] \(\[REDACTED\]\) — /m);
      expectNoToken(outcome, lane);
    }),
  );
  it.for(some(admin, 6))("%s", (line) =>
    pool.use(async (lane) => {
      lane.emulator.fault("* /api/** echo-token");
      const outcome = await lane.run(line.split(" "), { env: loud });
      // The server refuses what is asked of it; what is kept here is changed, shown or removed all the same.
      const revokes = line.includes("--revoke") && !line.includes("--dryRun");
      expect(outcome.code, outcome.stderr).toBe(line.startsWith("keys ") ? 3 : revokes ? 1 : 0);
      expectNoToken(outcome, lane);
    }),
  );
  it("login", () =>
    pool.use(async (lane) => {
      lane.emulator.fault("* /api/** echo-token");
      const login = await lane.run(["login", "--stdin"], { stdin: lane.emulator.tokens.sandbox, env: loud });
      expect(login.code).toBe(3);
      expectNoToken(login, lane);
    }));
});

describe.concurrent("a server that repeats the token in an answer", () => {
  const formats = ["json", "table", "yaml"];
  it.for(formats)("as %s", (format) =>
    pool.use(async (lane) => {
      const { sandbox: token } = lane.emulator.tokens;
      const row = { id: token, nested: { deep: [`a ${token} b`] }, [token]: "key" };
      lane.emulator.fault(`GET /api/one status=200 body=${JSON.stringify(row)}`);
      lane.emulator.fault(`GET /api/many status=200 body=${JSON.stringify({ data: [row], totalCount: 1 })}`);
      for (const argv of [["/api/one"], ["/api/many"], ["/api/many", "--pageAll"]]) {
        const outcome = await lane.run(["get", ...argv, "--output", format]);
        expect(outcome.code, outcome.stderr).toBe(0);
        expect(outcome.stdout).toContain("[REDACTED]");
        expectNoToken(outcome, lane);
      }
    }),
  );
});

describe.concurrent("the diagnostics of Node and of the libraries", () => {
  it.for(["stores list", "payments create --amount 5 --orderId o-1", "logout --env sandbox --revoke --yes"])(
    "%s",
    (line) =>
      pool.use(async (lane) => {
        const outcome = await lane.run(line.split(" "), { env: loud });
        expect(outcome.code).toBe(0);
        expectNoToken(outcome, lane);
      }),
  );
});

describe.concurrent("keys regenerate is the one command that prints a token: the new one, once", () => {
  it.for(["json", "table", "yaml"])("as %s", (format) =>
    pool.use(async (lane) => {
      const argv = ["keys", "regenerate", "--env", "sandbox", "--yes", "--verbose", "--output", format];
      const before = { ...lane.emulator.tokens };
      const outcome = await lane.run(argv);
      expect(outcome.code, outcome.stderr).toBe(0);
      expectNoToken(outcome, lane, before);
      const [token = "none"] = /test-token-sandbox-\S+?(?=["\s])/.exec(outcome.stdout) ?? [];
      expect(outcome.stdout.split(token)).toHaveLength(2);
      expect(outcome.stderr).not.toContain(token);
    }),
  );
});

function titled(cases: readonly Case[]): (readonly [string, Case])[] {
  return cases.map((one) => [one.line, one]);
}

function prepare(one: Case, { emulator, changed }: Lane): void {
  if (one.given !== undefined) changed();
  for (const [id, status] of Object.entries(one.given ?? {})) {
    emulator.preparePayment(id, { status, environment: "sandbox" });
  }
  for (const fault of one.faults ?? []) emulator.fault(fault);
}
