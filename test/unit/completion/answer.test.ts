import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { answer as answerWith } from "../../../src/completion/answer";
import { dynamicValues } from "../../../src/completion/dynamic-values";
import fc, { codePoint } from "../../random";

const dist = resolve(import.meta.dirname, "../../../dist");
const home = mkdtempSync(join(tmpdir(), "atoa-answer-"));
const folder = join(home, ".config/atoa");
const path = join(folder, "config.json");
afterAll(() => rmSync(home, { recursive: true, force: true }));

function config(profiles: object): void {
  writeFileSync(path, JSON.stringify({ schemaVersion: 1, profiles }), { mode: 0o600 });
}

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  config({
    acme: {
      displayName: "Acme\tLtd",
      envs: { sandbox: { sdkAccessId: "sda_1" }, production: { sdkAccessId: "sda_2" } },
    },
    "a;rm -rf": { envs: { sandbox: {} } },
    "two\nlines": {},
  });
});

const answer = (argv: readonly string[], folder: string, environment: NodeJS.ProcessEnv) =>
  answerWith(argv, folder, environment, () => dynamicValues(environment));
const ask = (shell: string, line: string, ...more: string[]) =>
  answer([`--complete-${shell}`, line, ...more], dist, { ATOA_HOME: home });

describe("the answer to a TAB", () => {
  it("is escaped for bash, and left to the others, with a description", () => {
    expect(ask("bash", "atoa profile use ")).toBe("acme\na\\;rm\\ -rf\n");
    expect(ask("zsh", "atoa profile use ")).toBe("acme\tAcme Ltd\na;rm -rf\n");
    expect(ask("fish", "atoa profile use ")).toBe("acme\tAcme Ltd\na;rm -rf\n");
    expect(ask("pwsh", "atoa profile use ")).toBe("acme\tAcme Ltd\na;rm -rf\n");
  });

  it("fits the quotes that are open in bash", () => {
    expect(ask("bash", "atoa profile use 'a;")).toBe("a;rm -rf\n");
    expect(ask("bash", 'atoa profile use "a;')).toBe("a;rm -rf\n");
    config({ 'it\'s "x" $y': {} });
    expect(ask("bash", "atoa profile use 'it")).toBe("it'\\''s \"x\" $y\n");
    expect(ask("bash", 'atoa profile use "it')).toBe('it\'s \\"x\\" \\$y\n');
  });

  it("is what bash replaces: without the flag in front, unless = breaks no words", () => {
    expect(ask("bash", "atoa --env=")).toBe("sandbox\nproduction\n");
    expect(ask("bash", "atoa --env=", " \t\n")).toBe("--env=sandbox\n--env=production\n");
    expect(ask("zsh", "atoa --env=")).toBe("--env=sandbox\n--env=production\n");
  });

  it("knows the ids of keys, of one profile or environment too", () => {
    expect(ask("zsh", "atoa keys revoke ")).toBe("sda_1\tacme, sandbox\nsda_2\tacme, production\n");
    expect(ask("bash", "atoa keys revoke --env prod ")).toBe("sda_2\n");
    expect(ask("bash", "atoa --profile nobody keys revoke ")).toBe(
      "--env\n--output\n--columns\n--query\n--out\n--verbose\n--dryRun\n--yes\n--errors\n--help\n",
    );
  });

  it("has the files of the home behind ~/, where the shell will see a home, and there only", () => {
    const own = { HOME: home, USERPROFILE: home };
    writeFileSync(join(home, "a body.json"), "{}");
    const files = (shell: string, line: string) => answer([`--complete-${shell}`, line], dist, own);
    expect(files("bash", "atoa --out ~/a")).toBe("~/a\\ body.json\n");
    expect(files("zsh", "atoa --out ~/a")).toBe("~/a body.json\n");
    expect(files("bash", "atoa emulator exec -- ~/a")).toBe("~/a\\ body.json\n");
    for (const line of ["--out=~/a", "post /x --data @~/a", 'stores list --out "~/a', "--out ~", "--out ~nobody/a"]) {
      expect(files("bash", `atoa ${line}`)).toBe("");
    }
  });

  it("takes the line from the environment, for PowerShell 5", () => {
    const environment = { ATOA_HOME: home, ATOA_COMPLETE_LINE: "atoa --env " };
    expect(answer(["--complete-pwsh", "-"], dist, environment)).toBe("sandbox\nproduction\n");
  });

  it.each([
    ["no config", () => rmSync(path)],
    ["broken JSON", () => writeFileSync(path, "{")],
    ["another shape", () => writeFileSync(path, '{"profiles":[1]}')],
    ["a newer version", () => writeFileSync(path, '{"schemaVersion":9}')],
    ["a folder in its place", () => [rmSync(path), mkdirSync(path)]],
    ["a link to nowhere", () => [rmSync(path), symlinkSync("nowhere", path)]],
    ["a config that others may write", () => (process.platform === "win32" ? rmSync(path) : chmodSync(path, 0o666))],
  ])("is silence with %s", (_, spoil) => {
    spoil();
    expect(ask("bash", "atoa profile use a")).toBe("");
    expect(ask("bash", "atoa pay")).toBe("payment-methods\npayments\npayouts\n");
  });

  it("is silence for shells that it does not know, and without its table", () => {
    expect(ask("tcsh", "atoa ")).toBe("");
    expect(answer(["--complete-bash"], "/nowhere", {})).toBe("");
    expect(answer([], dist, {})).toBe("");
  });

  it("never throws and never holds a control character but its own tab and line end", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: codePoint, maxLength: 40 }),
        fc.string({ unit: codePoint, maxLength: 20 }),
        (line, name) => {
          config({ [name]: { displayName: name } });
          for (const shell of ["bash", "zsh", "fish", "pwsh"]) {
            for (const text of [`atoa ${line}`, "atoa profile use "]) {
              expect(ask(shell, text).replaceAll(/[\t\n]/g, "")).not.toMatch(/\p{Cc}/u);
            }
          }
        },
      ),
    );
  });
});
