import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { CompletionData } from "../../../src/completion/data";
import { candidates, type DynamicValues } from "../../../src/completion/engine";
import { splitLine } from "../../../src/completion/line";
import fc from "../../random";

const root = resolve(import.meta.dirname, "../../..");
const data = JSON.parse(readFileSync(join(root, "dist/completion.json"), "utf8")) as CompletionData;
const asked: unknown[] = [];
const live: DynamicValues = {
  files: (start) =>
    ["body.json", "scripts/"].filter((name) => name.startsWith(start)).map((text) => ({ text, description: "" })),
  profiles: () => [
    { text: "acme", description: "Acme Ltd" },
    { text: "ci", description: "" },
  ],
  keys: (wanted) => {
    asked.push(wanted);
    return [{ text: "sda_1", description: "acme, sandbox" }];
  },
};

function offeredAt(line: string): string[] {
  return candidates(splitLine(line, "zsh"), data, () => live).map(({ text }) => text);
}

describe("candidates", () => {
  it("topics and commands, in order, with what they are", () => {
    const found = candidates(splitLine("atoa pay", "zsh"), data, () => live);
    expect(found.map(({ text }) => text)).toEqual(["payment-methods", "payments", "payouts"]);
    expect(found.every(({ description }) => description !== "")).toBe(true);
    expect(offeredAt("atoa ")).toEqual(expect.arrayContaining(["login", "keys", "profile", "payments", "completion"]));
    expect(offeredAt("atoa payments ")).toEqual(["cancel", "create", "status", "transactions"]);
    expect(offeredAt("atoa help pay")).toEqual(["payment-methods", "payments", "payouts"]);
  });

  it("every command by its path", () => {
    for (const id of Object.keys(data.commands)) {
      const words = id.split(" ");
      for (const [index, word] of words.entries()) {
        expect(offeredAt(["atoa", ...words.slice(0, index), word].join(" "))).toContain(word);
      }
    }
  });

  it("wherever flags stand", () => {
    expect(offeredAt("atoa --profile ci pay")).toEqual(offeredAt("atoa pay"));
    expect(offeredAt("atoa --profile ci --verbose --env=sandbox payments --output json cr")).toEqual(["create"]);
    expect(offeredAt("atoa payments --profile ci ")).toEqual(["cancel", "create", "status", "transactions"]);
  });

  it("every flag of every command, required ones first, none twice", () => {
    for (const [id, { flags, globals }] of Object.entries(data.commands)) {
      const offered = offeredAt(`atoa ${id} --`);
      const all = [...flags, ...(globals ? data.globals : [])];
      expect(offered).toEqual([...new Set([...all.map(({ name }) => `--${name}`), "--help"])].sort(byPlace(offered)));
      const required = all.filter((flag) => flag.required).map(({ name }) => `--${name}`);
      expect(offered.slice(0, required.length)).toEqual(required);
    }
  });

  it("no flag that was given, in any spelling", () => {
    const given = "atoa payments create --order-id=1 --amount 10 --no-enable-tips --dryRun -- ";
    expect(offeredAt("atoa payments create --order-id=1 --amount 10 --no-enable-tips --dry-run --")).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^--(orderId|amount|enableTips|dryRun)$/)]),
    );
    expect(offeredAt(given)).toEqual([]);
    expect(offeredAt("atoa get /x -d a=b --")).toContain("--data");
  });

  it.each([
    ["atoa --out ", ["body.json", "scripts/"]],
    ["atoa payments create --out=b", ["--out=body.json"]],
    ["atoa emulator start --dataFile ", ["body.json", "scripts/"]],
    ["atoa payments create --callbackParams @b", ["@body.json"]],
    ["atoa payments create --callbackParams=@", ["--callbackParams=@body.json", "--callbackParams=@scripts/"]],
    ["atoa post /x --data @s", ["@scripts/"]],
    ["atoa post /x --data ", []],
    ["atoa emulator exec -- ", ["body.json", "scripts/"]],
    ["atoa emulator exec -- sh s", ["scripts/"]],
    ["atoa payments status -- ", []],
  ])("files where a file is meant: %s", (line, expected) => {
    expect(offeredAt(line)).toEqual(expected);
  });

  it("what stands behind a value that is glued to its letter", () => {
    expect(offeredAt("atoa post /x -da=b --idem")).toEqual(["--idempotencyKey"]);
    expect(offeredAt("atoa post /x -d@f --idem")).toEqual(["--idempotencyKey"]);
    expect(offeredAt("atoa -otable pay")).toEqual(offeredAt("atoa pay"));
  });

  it("no alias of a flag, and none is taken for a word of the command", () => {
    expect(offeredAt("atoa -o table pay")).toEqual(offeredAt("atoa pay"));
    expect(offeredAt("atoa -o ta")).toEqual(["table"]);
    expect(offeredAt("atoa customers list --lim")).toEqual([]);
    expect(offeredAt("atoa customers list --limit 5 --pageA")).toEqual(["--pageAll"]);
    for (const line of [
      "atoa auth",
      "atoa payment",
      "atoa refund",
      "atoa keys ro",
      "atoa profile sw",
      "atoa payments l",
    ]) {
      const word = line.split(" ").at(-1);
      expect(offeredAt(line).filter((text) => text === word || /^(auth|rotate|switch|list)$/.test(text))).toEqual([]);
    }
  });

  it("kebab case for those who type it, --no- for those who begin it", () => {
    expect(offeredAt("atoa payments create --dry-")).toEqual(["--dry-run"]);
    expect(offeredAt("atoa payments create --dry")).toEqual(["--dryRun"]);
    expect(offeredAt("atoa payments create --no-en")).toEqual(["--no-enableTips"]);
    expect(offeredAt("atoa payments create --no-enable-t")).toEqual(["--no-enable-tips"]);
  });

  it.each([
    ["atoa --env ", ["sandbox", "production"]],
    ["atoa --env=", ["--env=sandbox", "--env=production"]],
    ["atoa --env prod", ["production"]],
    ["atoa --output ", ["json", "table", "yaml", "csv", "ndjson"]],
    ["atoa --profile ", ["acme", "ci"]],
    ["atoa stores list --profile=a", ["--profile=acme"]],
    ["atoa profile use ", ["acme", "ci"]],
    ["atoa profile rename a", ["acme"]],
    ["atoa profile set ", ["env=sandbox", "env=production"]],
    ["atoa keys revoke ", ["sda_1"]],
    ["atoa keys regenerate sda", ["sda_1"]],
    ["atoa completion ", ["bash", "zsh", "fish", "pwsh"]],
    ["atoa webhooks create --event refund", ["REFUND_STATUS"]],
    ["atoa card-on-file charge --captureType man", ["MANUAL_CAPTURE"]],
    ["atoa payments create --paymentMethod ", ["PAY_BY_BANK", "CARD"]],
    ["atoa payments create --paymentMethod CARD,", ["CARD,PAY_BY_BANK"]],
    ["atoa payments create --paymentMethod=card,p", ["--paymentMethod=card,PAY_BY_BANK"]],
    ["atoa payments create --amount ", []],
    ["atoa payments create --amount=", []],
    ["atoa --env=sandbox=", []],
    ["atoa stores list --verbose=", []],
    ["atoa nonsense ", []],
    ["atoa payments nonsense ", []],
    ["atoa __proto__ ", []],
    ["atoa constructor", []],
    ["", data.topics.payments === undefined ? [] : offeredAt("atoa ")],
  ])("%s", (line, expected) => {
    expect(offeredAt(line)).toEqual(expected);
  });

  it("flags where nothing else can stand", () => {
    expect(offeredAt("atoa payments create ").slice(0, 2)).toEqual(["--amount", "--orderId"]);
    expect(offeredAt("atoa payments status pr_1 ")).toContain("--poll");
    expect(offeredAt("atoa profile rename acme new ")).toContain("--yes");
  });

  it("ids of the profile and environment that the line names", () => {
    asked.length = 0;
    offeredAt("atoa --profile acme keys revoke --env prod ");
    expect(asked).toEqual([{ profile: "acme", env: "prod" }]);
  });

  it("of any line, in no time and without a throw", () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...Object.keys(data.commands).flatMap((id) => id.split(" ")),
        "--",
        "--env",
        "--env=",
        "-d",
        "--no-",
      ),
      fc.string({ unit: "grapheme", maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const found = offeredAt(["atoa", ...words].join(" "));
        expect(new Set(found).size).toBe(found.length);
      }),
      { numRuns: 500 },
    );
  });
});

function byPlace(order: readonly string[]): (a: string, b: string) => number {
  return (a, b) => order.indexOf(a) - order.indexOf(b);
}
