import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../../src/errors";
import { codeWords, fencedBlocks, tableRows } from "./markdown";
import { readSources, root } from "./sources";

/** A string of the sources, … for what is put in; empty when too little of it is fixed to tell anything. */
function template(text: string): string {
  const shown = text.replace(/\$\{[^}]*\}/g, "…").replaceAll("\\`", "`");
  return shown.replaceAll("…", "").length < 12 ? "-" : shown;
}

/** Matches a text that starts as this one, … standing for anything. */
function start(text: string): RegExp {
  const parts = text.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^(?:error: )?${parts.join(".*")}`);
}

/** What the pages say of variables, exit codes and messages is what the sources have. */

const page = (path: string) => readFileSync(join(root, path), "utf8");
const code = [...readSources().map((source) => source.code), readFileSync(join(root, "bin/run.js"), "utf8")];

describe("the pages", () => {
  it("explain every environment variable, and no other", () => {
    const explained = tableRows(page("docs/configuration.md"), "variable").flatMap(([names = ""]) => codeWords(names));
    const pattern =
      /\b(ATOA_[A-Z]+(?:_[A-Z]+)*|BROWSER|NO_COLOR|FORCE_COLOR|HTTPS?_PROXY|NO_PROXY|NODE_EXTRA_CA_CERTS|NODE_TLS_REJECT_UNAUTHORIZED)\b/g;
    const read = new Set(code.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? "")));
    read.delete("ATOA_ATTEMPT_TIMEOUT"); // The code of an error, not a variable.
    read.delete("ATOA_BUILD"); // A constant of the build.
    read.delete("ATOA_COMPLETE_LINE"); // Between the PowerShell script and the program.
    for (const name of read) if (/_(?:SANDBOX|PRODUCTION)_TOKEN$/.test(name)) read.delete(name); // What others read.
    expect([...new Set(explained)].sort()).toEqual([...read].sort());
  });

  it("list every exit code", () => {
    const listed = tableRows(page("README.md"), "code").map(([number = ""]) => Number(number));
    expect(listed).toEqual([...new Set([0, ...Object.values(exitCodes)])].sort((a, b) => a - b));
  });

  it("quote messages as they are", () => {
    const messages = [...page("docs/troubleshooting.md").matchAll(/^### (`+)(.+)\1$/gm)].map((match) => match[2] ?? "");
    expect(messages.length).toBeGreaterThan(8);
    const templates = code.flatMap((text) =>
      [...text.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map((match) =>
        template(match[1] ?? match[2] ?? ""),
      ),
    );
    const wrong = messages.filter(
      (message) => !templates.some((text) => start(text).test(message) || start(message).test(text)),
    );
    expect(wrong).toEqual(["status: 401"]); // Put together; the next test file provokes it.
  });
});

describe("what a reader pastes", () => {
  const pages = [
    "README.md",
    ...readdirSync(join(root, "docs")).flatMap((name) => (/\.md$/.test(name) ? `docs/${name}` : [])),
  ];
  const shell = (path: string) => fencedBlocks(page(path)).filter(({ language }) => language === "sh");

  it.each([0, 1, 2, 3, 4, 5, 6])(
    "the script by exit codes ends with %i as atoa does, and says what is known of it",
    (code) => {
      const [script, ...others] = shell("README.md").filter(({ note }) => note === "script");
      expect(others).toEqual([]);
      const text = `atoa() { return ${code}; }\n${script?.text ?? ""}`;
      const { status, stdout } = spawnSync("sh", ["-c", text], { encoding: "utf8" });
      const known: Record<number, RegExp> = { 2: /log in/, 3: /input/, 5: /later/, 6: /same key/ };
      expect(status).toBe(code);
      expect(stdout).toMatch(code === 0 ? /^$/ : (known[code] ?? /something else/));
    },
  );

  it.each(pages)("%s uses no variable that nobody has set", (path) => {
    const text = shell(path)
      .map((block) => block.text)
      .join("\n");
    const used = [...text.matchAll(/\$\{?([A-Z_]{2,})\b(?!:-)/g)].map(([, name = ""]) => name);
    const set = [...text.matchAll(/\b([A-Z_]{2,})=/g)].map(([, name = ""]) => name);
    // The reader's own: the environment of every shell, and tokens and ids that the pages speak of.
    const own = ["HOME", "PATH", "RUN_ID", "ATOA_SANDBOX_TOKEN", "ATOA_PRODUCTION_TOKEN"];
    expect(used.filter((name) => !set.includes(name) && !own.includes(name))).toEqual([]);
  });

  it.each(pages)("%s leaves no fault behind that nobody would find", (path) => {
    const faults = [...page(path).matchAll(/__emulator\/faults -d '([^']+)'/g)].map(([, fault = ""]) => fault);
    expect(faults.filter((fault) => !/ (times=)?\d+$/.test(fault))).toEqual([]);
  });
});

describe("CONTRIBUTING", () => {
  const contributing = page("CONTRIBUTING.md");

  it("gives a reason for everything at the top, and for nothing else", () => {
    const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
      .split("\0")
      .filter(Boolean);
    const explained = tableRows(contributing, "at the top").flatMap(([names = ""]) => codeWords(names));
    expect([...explained].sort()).toEqual([...new Set(tracked.map((path) => path.split("/")[0] ?? ""))].sort());
  });

  it("explains every script, and no other", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const explained = tableRows(contributing, "script").flatMap(([names = ""]) => codeWords(names));
    const names = Object.keys(scripts).map((name) => name.replace(/^bench:.*/, "bench:*"));
    expect([...explained].sort()).toEqual([...new Set(names)].sort());
  });
});

describe("links", () => {
  const pages = ["", "docs", "docs/commands", ".github"].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((name) => name.endsWith(".md"))
          .map((name) => join(folder, name))
      : [],
  );

  it.each(pages)("of %s lead somewhere", (page) => {
    const text = readFileSync(join(root, page), "utf8");
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
    const here = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(here.filter((target) => !leads(page, target))).toEqual([]);
  });

  function leads(page: string, target: string): boolean {
    const [path = "", heading] = target.split("#");
    const file = path === "" ? join(root, page) : join(root, dirname(page), path);
    if (!existsSync(file)) return false;
    return heading === undefined || headings(readFileSync(file, "utf8")).includes(heading);
  }

  /** As GitHub names them: lower case, letters, digits and dashes. */
  function headings(markdown: string): string[] {
    const titles = [...markdown.matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? "");
    return titles.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );
  }
});
