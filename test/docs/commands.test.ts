import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { examplesOf, readCommands, referencePages } from "../../build/docs.mjs";
import { emulatorApiPage } from "../../build/emulator-api-page.mjs";
import { type Commands, readArgv } from "../../src/argv";
import { shellWords } from "../e2e/shell-words";
import { readManifest } from "../manifest";
import { root } from "./sources";

/** The reference is fresh, every page of help is there and can be read, and every command explains itself. */

const commands = readCommands();

function filesIn(folder: string): Map<string, string> {
  const names = readdirSync(join(root, folder)).sort();
  return new Map(names.map((name) => [name, readFileSync(join(root, folder, name), "utf8")]));
}

// Compared with the code that makes them: this keeps the pages up to date; what they say is for a reader of the diff.
it("the reference in docs/commands is what `npm run docs` makes", () => {
  expect(Object.fromEntries(filesIn("docs/commands"))).toEqual(Object.fromEntries(referencePages(commands)));
});

it("docs/emulator-api.md is what `npm run docs` makes of the OpenAPI file", () => {
  expect(readFileSync(join(root, "docs/emulator-api.md"), "utf8")).toBe(emulatorApiPage(root));
});

it("the reference says where flags may stand, as argv has it", async () => {
  const page = readFileSync(join(root, "docs/commands/README.md"), "utf8");
  expect(page).toContain("Global flags may stand before the command too.");
  const commands = readManifest() as unknown as Commands;
  const read = (line: string) => readArgv(line.split(" "), commands);
  for (const [, example = ""] of page.matchAll(/`(--order-?[iI]d[ =]1)`/g)) {
    expect(await read(`payments create ${example}`)).toEqual(await read("payments create --orderId 1"));
  }
  await expect(read("--orderId 1 payments create")).rejects.toThrow("Unknown");
  expect(await read("--profile acme payments create --orderId 1")).toEqual(
    await read("payments create --profile acme --orderId 1"),
  );
});

describe("help", () => {
  const pages = [...filesIn("dist/help")];

  it("is there for every topic and command", () => {
    const topics = commands.flatMap(({ id }) => (id.includes(":") ? [id.split(":")[0] ?? ""] : []));
    const wanted = ["atoa", ...topics, ...commands.map(({ id }) => id.replaceAll(":", "."))];
    expect(pages.map(([name]) => name)).toEqual(expect.arrayContaining(wanted.map((name) => `${name}.txt`)));
  });

  it("fits into 80 columns", () => {
    const wide = pages.flatMap(([name, text]) =>
      text.split("\n").flatMap((line) => ([...line].length > 80 ? [`${name}: ${line}`] : [])),
    );
    expect(wide).toEqual([]);
  });

  it("needs 40 lines at most, but for payments create", () => {
    const long = pages.filter(([, text]) => text.trim().split("\n").length > 40);
    expect(long.map(([name]) => name)).toEqual(["payments.create.txt"]);
  });

  it("names every topic and command on the first page, but no hidden one", () => {
    const first = pages.find(([name]) => name === "atoa.txt")?.[1] ?? "";
    const names = new Set(commands.map(({ id }) => id.split(":")[0] ?? ""));
    const listed = [...first.matchAll(/^ {2}(?:[A-Z].{19}|\s{20})([a-z-]+) {2}/gm)].map(([, name = ""]) => name);
    expect(listed.sort()).toEqual([...names].sort());
  });

  it("begins with examples that are commands", async () => {
    const first = pages.find(([name]) => name === "atoa.txt")?.[1] ?? "";
    const examples = [...first.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line = ""]) => ownWords(line));
    expect(examples.length).toBe(3);
    for (const words of examples)
      expect(await readArgv(words, Object.fromEntries(commands.map((one) => [one.id, one])))).toMatchObject({
        kind: "run",
      });
  });

  it("shows examples before the global flags, and each of those on one line", () => {
    for (const [name, text] of pages) {
      const [own = "", globals] = text.split("\nGLOBAL FLAGS\n");
      if (globals === undefined) continue;
      expect(own, name).toContain("\nEXAMPLES\n");
      expect(
        globals
          .trim()
          .split("\n")
          .every((line) => /^ *--\w+(=<\S+>)? +[A-Z].*\.$/.test(line)),
        globals,
      ).toBe(true);
    }
  });

  it("starts with what the command does", () => {
    for (const [name, text] of pages) expect(text, name).toMatch(/^[A-Z][^\n]{8,}\n/);
  });
});

/** What stands behind `atoa` in an example, without the rest of a pipe and without a redirection. */
function ownWords(example: string): string[] {
  const words = shellWords(example);
  const own = words.slice(words.indexOf("atoa") + 1);
  const end = own.findIndex((word) => /^(\||>>?)$/.test(word));
  return end === -1 ? own : own.slice(0, end);
}

// Its words are oclif's own.
const foreign = new Set(["autocomplete"]);

describe.each(commands)("$id", (command) => {
  it("has a summary of one line and two examples", () => {
    expect(command.summary).toMatch(/^[A-Z].{10,77}[^.\s]$/);
    expect(examplesOf(command).length).toBeGreaterThanOrEqual(2);
  });

  it("has a summary for every flag and argument", () => {
    const all = [
      ...Object.values(command.flags).map(({ name, summary }) => ({ name, text: summary })),
      ...Object.values(command.args).map(({ name, description }) => ({ name, text: description })),
    ];
    if (foreign.has(command.id)) return;
    expect(all.filter(({ text }) => !/^\S.*[.…]$/.test(text ?? "")).map(({ name }) => name)).toEqual([]);
  });

  it.each(examplesOf(command))("example parses: %s", async (example) => {
    const rest = ownWords(example);
    const table = Object.fromEntries(commands.map((one) => [one.id, one]));
    const plan = await readArgv(rest, table);
    expect(plan).toMatchObject({ kind: "run", id: command.id });
    if (plan.kind !== "run") return;
    const end = plan.argv.includes("--") ? plan.argv.indexOf("--") : plan.argv.length;
    const given = plan.argv.slice(0, end).flatMap((word) => (/^--/.test(word) ? [word.split("=")[0] ?? ""] : []));
    const known = Object.values(command.flags).flatMap((flag) => [
      `--${flag.name}`,
      ...(flag.allowNo ? [`--no-${flag.name}`] : []),
      ...(flag.char === undefined ? [] : [`-${flag.char}`]),
      ...(flag.aliases ?? []).map((name) => `--${name}`),
    ]);
    expect(given.filter((name) => !known.includes(name))).toEqual([]);
    const missing = Object.values(command.flags).filter((flag) => flag.required && !given.includes(`--${flag.name}`));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});
