import { describe, expect, it } from "vitest";
import { type Commands, type FlagFacts, readArgv } from "../../src/argv";
import { AtoaError } from "../../src/errors";
import { readManifest } from "../manifest";
import fc from "../random";
import { some, times } from "../scale.mjs";

const helpGroup = "GLOBAL";
const globals = {
  env: { type: "option", options: ["sandbox", "production"], helpGroup },
  output: { type: "option", options: ["json", "table", "yaml"], helpGroup, charAliases: ["o"] },
  verbose: { type: "boolean", helpGroup },
  dryRun: { type: "boolean", helpGroup },
  yes: { type: "boolean", helpGroup },
  profile: { type: "option", helpGroup },
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
  get: { flags: { ...globals, data: { type: "option", char: "d", multiple: true } }, args: { path: {} } },
  "refunds:create": { flags: { ...globals, notes: { type: "option", aliases: ["reason"] } }, args: {} },
  login: { flags: { env: globals.env, stdin: { type: "boolean" } }, args: {} },
};

function spellingsOf(name: string, { type, char, charAliases = [], aliases = [] }: FlagFacts): string[] {
  const names = [name, ...aliases].flatMap((one) => [
    one,
    one.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  ]);
  const long = names.flatMap((one) => [`--${one}`, `--${one}=x`, `--${one.toLowerCase()}`]);
  const short = [char ?? [], charAliases]
    .flat()
    .flatMap((one) => [`-${one}`, ...(type === "option" ? [`-${one}x`] : [])]);
  return [...long, ...short];
}

async function messageOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
    return "";
  } catch (error) {
    return error instanceof AtoaError ? error.summary : String(error);
  }
}

const read = (...argv: string[]) => readArgv(argv, commands);
const run = (id: string, ...argv: string[]) => ({ kind: "run", id, argv });

describe("readArgv", () => {
  it.each<[string, string[], unknown]>([
    [
      "globals after",
      ["payments", "status", "pr_1", "--env", "sandbox"],
      run("payments:status", "--env=sandbox", "pr_1"),
    ],
    [
      "globals before",
      ["--profile", "ci", "payments", "status", "pr_1"],
      run("payments:status", "--profile=ci", "pr_1"),
    ],
    ["globals between", ["payments", "--yes", "status", "pr_1"], run("payments:status", "--yes", "pr_1")],
    [
      "a profile named as a topic",
      ["--profile", "payments", "payments", "status", "x"],
      run("payments:status", "--profile=payments", "x"),
    ],
    ["an argument named as the verb", ["payments", "status", "status"], run("payments:status", "status")],
    [
      "kebab case",
      ["payments", "create", "--order-id", "o", "--dry-run"],
      run("payments:create", "--orderId=o", "--dryRun"),
    ],
    ["kebab case with =", ["payments", "create", "--order-id=a=b"], run("payments:create", "--orderId=a=b")],
    ["kebab negation", ["payments", "create", "--no-split-bill"], run("payments:create", "--no-splitBill")],
    ["camel negation", ["payments", "create", "--no-splitBill"], run("payments:create", "--no-splitBill")],
    ["enum case", ["webhooks", "trigger", "refund_status"], run("webhooks:trigger", "REFUND_STATUS")],
    ["prod", ["payments", "status", "x", "--env=prod"], run("payments:status", "--env=production", "x")],
    [
      "a value that looks like an enum elsewhere",
      ["payments", "create", "--orderId", "PROD"],
      run("payments:create", "--orderId=PROD"),
    ],
    ["-- ends flags", ["payments", "status", "--", "--env"], run("payments:status", "--", "--env")],
    ["short flag", ["get", "/a", "-d", "get"], run("get", "--data=get", "/a")],
    ["negative number as a value", ["payments", "create", "--amount", "-1"], run("payments:create", "--amount=-1")],
    ["negative number as an argument", ["payments", "status", "-1"], run("payments:status", "-1")],
    [
      "a short flag with its value",
      ["get", "/a", "-dpage=0", "--dry-run"],
      run("get", "--data=page=0", "--dryRun", "/a"),
    ],
    ["a short flag with =", ["get", "/a", "-d=page=0"], run("get", "--data=page=0", "/a")],
    ["a short flag again", ["get", "/a", "-d", "a=1", "-db=2"], run("get", "--data=a=1", "--data=b=2", "/a")],
    [
      "words and flags behind --",
      ["payments", "status", "--", "status", "-h"],
      run("payments:status", "--", "status", "-h"),
    ],
    ["--version behind --", ["payments", "status", "--", "--version"], run("payments:status", "--", "--version")],
    [
      "an enum behind --",
      ["webhooks", "trigger", "--", "refund_status"],
      run("webhooks:trigger", "--", "REFUND_STATUS"),
    ],
    ["an alias", ["refunds", "create", "--reason", "late"], run("refunds:create", "--notes=late")],
    ["a hidden short flag", ["-o", "TABLE", "get", "/a"], run("get", "--output=table", "/a")],
    ["a switch before the topic", ["--verbose", "payments"], { kind: "help", id: "payments" }],
    [
      "a flag as a value, with =",
      ["refunds", "create", "--notes=--dry-run"],
      run("refunds:create", "--notes=--dry-run"),
    ],
    [
      "an unknown flag as a value",
      ["refunds", "create", "--notes", "--weird"],
      run("refunds:create", "--notes=--weird"),
    ],
    [
      "a sentence as a value",
      ["refunds", "create", "--notes", "--yes or no"],
      run("refunds:create", "--notes=--yes or no"),
    ],
    ["an alias of a command", ["payments", "get", "pr_1"], run("payments:status", "pr_1")],
    [
      "an alias with flags in between",
      ["--yes", "payments", "--env", "prod", "get", "list"],
      run("payments:status", "--yes", "--env=production", "list"),
    ],
    ["an alias of one word less", ["auth", "login", "--stdin"], run("login", "--stdin")],
    ["a topic in the singular", ["payment", "create", "--amount", "5"], run("payments:create", "--amount=5")],
    ["a topic in the singular and an alias", ["payment", "get", "payment"], run("payments:status", "payment")],
    ["help on an alias", ["help", "payment", "get"], { kind: "help", id: "payments:status" }],
    ["--help of an alias", ["auth", "login", "--help"], { kind: "help", id: "login" }],
    ["a singular topic alone", ["payment"], { kind: "help", id: "payments" }],
    ["version", ["version"], { kind: "version" }],
    ["an argument named as an alias", ["get", "payment"], run("get", "payment")],
    ["nothing", [], { kind: "help", id: "" }],
    ["a topic", ["payments"], { kind: "help", id: "payments" }],
    ["a topic with globals", ["--env", "sandbox", "payments"], { kind: "help", id: "payments" }],
    ["--help", ["payments", "create", "--amount", "5", "--help"], { kind: "help", id: "payments:create" }],
    ["-h", ["-h"], { kind: "help", id: "" }],
    ["help words", ["help", "payments", "create"], { kind: "help", id: "payments:create" }],
    ["--version", ["--version"], { kind: "version" }],
    ["-v", ["payments", "-v"], { kind: "version" }],
    [
      "--help wins over a flag that is wrong",
      ["payments", "create", "--foo", "--help"],
      { kind: "help", id: "payments:create" },
    ],
    ["--version late", ["payments", "create", "--version"], { kind: "version" }],
  ])("%s", async (_, argv, plan) => {
    expect(await read(...argv)).toEqual(plan);
  });

  it.each<[string[], string]>([
    [["paymnts", "create"], "payments create"],
    [["payments", "creat"], "payments create"],
    [["payments", "xyzzy"], "atoa payments --help"],
    [["refunds", "get", "rf_1"], "atoa refunds list --paymentRequestId"],
    [["refund", "get"], "atoa refunds list --paymentRequestId"],
    [["listen", "3000"], "atoa webhooks listen"],
    [["config"], "atoa profile"],
    [["config", "set", "x"], "atoa profile"],
    [["logs"], "atoa payments transactions"],
    [["open"], "atoa payments create --open"],
    [["auth"], "atoa login"],
    [["auth", "refresh"], "atoa login"],
    [["keys", "list"], "atoa profile list"],
    [["lgoin"], "login"],
    [["xyzzy"], "atoa --help"],
    [["--bogus"], "--help"],
  ])("%j is refused and names the nearest", async (argv, advice) => {
    const error = await read(...argv).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AtoaError);
    expect(error).toMatchObject({ kind: "usage", exitCode: 3 });
    expect((error as AtoaError).hint).toContain(advice);
  });

  it.each<[string[], string]>([
    [["payments", "create", "--toString"], "Unknown flag --toString"],
    [["payments", "create", "--constructor=1"], "Unknown flag --constructor"],
    [["payments", "create", "--has-own-property"], "Unknown flag --has-own-property"],
    [["payments", "create", "--no-to-string"], "Unknown flag --no-to-string"],
    [["--value-of", "payments"], "Unknown flag --value-of"],
    [["payments", "create", "--foo", "--bar"], "Unknown flags --foo, --bar"],
    [["get", "/a", "-h=1"], "-h takes no value"],
    [["get", "/a", "-help"], "Unknown flag -help"],
    [["payments", "create", "--help=1"], "--help takes no value"],
    [["payments", "create", "--amount", "1", "--amount=2"], "--amount is given more than once"],
    [["refunds", "create", "--notes", "1", "--reason=2"], "--reason is given more than once"],
    [["webhooks", "trigger", "--", "nothing"], '<event> must be one of PAYMENTS_STATUS, REFUND_STATUS; got "nothing"'],
    [["--amount", "payments", "create"], 'Unknown command "create"'],
    [["refunds", "create", "--notes", "--"], "--notes needs a value"],
    [["--env", "--dry-run"], "--env needs a value, one of sandbox, production"],
  ])("%j: %s", async (argv, message) => {
    await expect(read(...argv)).rejects.toThrow(expect.objectContaining({ kind: "usage", message }) as Error);
  });

  it("no flag becomes the value of another: every command, every flag, every spelling", async () => {
    const manifest = readManifest() as unknown as Commands;
    const everywhere = ["--help", "-h", "--version", "-v"];
    const taken: string[] = [];
    let walked = 0;
    for (const [id, { flags }] of some(Object.entries(manifest), 4)) {
      const spellings = [...Object.entries(flags).flatMap(([name, fact]) => spellingsOf(name, fact)), ...everywhere];
      for (const [name, { type }] of Object.entries(flags)) {
        for (const next of type === "option" ? spellings : []) {
          const argv = [...id.split(":"), `--${name}`, next];
          const message = await messageOf(readArgv(argv, manifest));
          if (!message.startsWith(`--${name} needs a value`)) taken.push(argv.join(" "));
          walked++;
        }
      }
    }
    expect(taken).toEqual([]);
    expect(walked).toBeGreaterThan(times(10_000, 2_000));
  }, 60_000);

  it("never throws anything but a usage error, whatever argv holds", async () => {
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
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 8 }), async (argv) => {
        try {
          await readArgv(argv, commands);
        } catch (error) {
          expect(error).toMatchObject({ kind: "usage" });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
