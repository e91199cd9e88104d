import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Commands, readArgv } from "../../src/argv";
import { AtoaError } from "../../src/errors";

const globals = {
  env: { type: "option", options: ["sandbox", "production"] },
  output: { type: "option", options: ["json", "table", "yaml"] },
  verbose: { type: "boolean" },
  dryRun: { type: "boolean" },
  yes: { type: "boolean" },
  profile: { type: "option" },
} as const;

const commands: Commands = {
  "payments:create": {
    flags: {
      ...globals,
      amount: { type: "option" },
      orderId: { type: "option" },
      splitBill: { type: "boolean", allowNo: true },
    },
    args: {},
  },
  "payments:status": { flags: globals, args: { id: {} } },
  "webhooks:trigger": { flags: globals, args: { event: { options: ["PAYMENTS_STATUS", "REFUND_STATUS"] } } },
  get: { flags: { ...globals, data: { type: "option", char: "d" } }, args: { path: {} } },
  login: { flags: { env: globals.env, stdin: { type: "boolean" } }, args: {} },
};

const read = (...argv: string[]) => readArgv(argv, commands);
const run = (id: string, ...argv: string[]) => ({ kind: "run", id, argv });

describe("readArgv", () => {
  it.each<[string, string[], unknown]>([
    [
      "globals after",
      ["payments", "status", "pr_1", "--env", "sandbox"],
      run("payments:status", "pr_1", "--env", "sandbox"),
    ],
    [
      "globals before",
      ["--profile", "ci", "payments", "status", "pr_1"],
      run("payments:status", "--profile", "ci", "pr_1"),
    ],
    ["globals between", ["payments", "--yes", "status", "pr_1"], run("payments:status", "--yes", "pr_1")],
    [
      "a profile named as a topic",
      ["--profile", "payments", "payments", "status", "x"],
      run("payments:status", "--profile", "payments", "x"),
    ],
    ["an argument named as the verb", ["payments", "status", "status"], run("payments:status", "status")],
    [
      "kebab case",
      ["payments", "create", "--order-id", "o", "--dry-run"],
      run("payments:create", "--orderId", "o", "--dryRun"),
    ],
    ["kebab case with =", ["payments", "create", "--order-id=a=b"], run("payments:create", "--orderId=a=b")],
    ["kebab negation", ["payments", "create", "--no-split-bill"], run("payments:create", "--no-splitBill")],
    ["camel negation", ["payments", "create", "--no-splitBill"], run("payments:create", "--no-splitBill")],
    ["enum case", ["webhooks", "trigger", "refund_status"], run("webhooks:trigger", "REFUND_STATUS")],
    ["prod", ["payments", "status", "x", "--env=prod"], run("payments:status", "x", "--env=production")],
    [
      "a value that looks like an enum elsewhere",
      ["payments", "create", "--orderId", "PROD"],
      run("payments:create", "--orderId", "PROD"),
    ],
    ["-- ends flags", ["payments", "status", "--", "--env"], run("payments:status", "--", "--env")],
    ["short flag", ["get", "/a", "-d", "get"], run("get", "/a", "-d", "get")],
    ["negative number as a value", ["payments", "create", "--amount", "-1"], run("payments:create", "--amount", "-1")],
    ["nothing", [], { kind: "help", id: "" }],
    ["a topic", ["payments"], { kind: "help", id: "payments" }],
    ["a topic with globals", ["--env", "sandbox", "payments"], { kind: "help", id: "payments" }],
    ["--help", ["payments", "create", "--amount", "5", "--help"], { kind: "help", id: "payments:create" }],
    ["-h", ["-h"], { kind: "help", id: "" }],
    ["help words", ["help", "payments", "create"], { kind: "help", id: "payments:create" }],
    ["--version", ["--version"], { kind: "version" }],
    ["--version late", ["payments", "create", "--version"], { kind: "version" }],
  ])("%s", (_, argv, plan) => {
    expect(read(...argv)).toEqual(plan);
  });

  it.each<[string[], string]>([
    [["paymnts", "create"], "payments create"],
    [["payments", "creat"], "payments create"],
    [["payments", "list"], "atoa payments --help"],
    [["lgoin"], "login"],
    [["xyzzy"], "atoa --help"],
    [["--bogus"], "--help"],
  ])("%j is refused and names the nearest", (argv, advice) => {
    const error = (() => {
      try {
        return read(...argv);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(AtoaError);
    expect(error).toMatchObject({ kind: "usage", exitCode: 3 });
    expect((error as AtoaError).hint).toContain(advice);
  });

  it("never throws anything but a usage error, whatever argv holds", () => {
    const token = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "payments",
        "create",
        "--env",
        "--",
        "-d",
        "--no-splitBill",
        "--profile",
        "prod",
        "-",
        "--=",
        "constructor",
        "__proto__",
      ),
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 8 }), (argv) => {
        try {
          readArgv(argv, commands);
        } catch (error) {
          expect(error).toMatchObject({ kind: "usage" });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
