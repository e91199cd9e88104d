import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, scratchFolder } from "../../build/build.mjs";
import { bundle } from "../../build/bundle.mjs";
import { replaceOnce } from "../../build/replace-once.mjs";
import { requireWhereUsed, slimmed } from "../../build/slim-oclif.mjs";

/** The program with oclif changed for a quick start, and with oclif as it comes: nobody can tell them apart. */

const root = resolve(import.meta.dirname, "../..");
let slim: string;
let plain: string;
beforeAll(async () => {
  [slim, plain] = [await scratchFolder(), await scratchFolder()];
  await build(slim);
  await build(plain);
  await bundle(root, join(plain, "dist"), { slim: false });
}, 120_000);
afterAll(() => {
  for (const folder of [slim, plain]) if (folder) rmSync(folder, { recursive: true, force: true });
});

const show = `
  const [root, argv] = process.argv.slice(1);
  require(root + "/dist/main.js").main(JSON.parse(argv), root).then((code) => process.exit(code));
`;

function outcome(folder: string, argv: readonly string[], more: Record<string, string> = {}) {
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, ATOA_HOME: folder, ...more };
  try {
    const stdout = execFileSync(process.execPath, ["-e", show, folder, JSON.stringify(argv)], { env, stdio: "pipe" });
    return { code: 0, stdout: String(stdout), stderr: "" };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: Buffer; stderr: Buffer };
    return { code: status, stdout: String(stdout), stderr: String(stderr).replaceAll(folder, "<home>") };
  }
}

describe("with oclif slimmed", () => {
  it.each([
    [[]],
    [["--version"]],
    [["paymnts"]],
    [["payments", "creat"]],
    [["payments", "create"]],
    [["payments", "create", "--amount", "x", "--orderId", "o"]],
    [["payments", "create", "--amount"]],
    [["payments", "create", "--frob", "1"]],
    [["payments", "status"]],
    [["payments", "status", "a", "b"]],
    [["payments", "status", "a", "--env", "moon"]],
    [["payments", "status", "a", "--output", "xml"]],
    [["payments", "status", "--", "--env"]],
    [["webhooks", "trigger", "NOTHING"]],
    [["completion", "bash", "--install", "--uninstall"]],
    [["get", "-d"]],
    [["profile", "list"]],
    [["profile", "use", "nobody"]],
    [["stores", "list"]],
    [["completion", "fish"]],
  ])("the outcome of %j is the same", (argv) => {
    const expected = outcome(plain, argv);
    expect(`${expected.stdout}${expected.stderr}`).not.toBe("");
    expect(outcome(slim, argv)).toEqual(expected);
  });
});

describe("a change to a library", () => {
  it("fails when its place is gone", () => {
    expect(() => replaceOnce("a b", [["c", "d"]], "x.js")).toThrow("x.js no longer holds exactly once: c");
  });

  it("fails when its place is there twice", () => {
    expect(() => replaceOnce("a a", [["a", "d"]], "x.js")).toThrow("exactly once");
  });

  it("fails when oclif's own file has lost it", () => {
    expect(() => slimmed("class Plugin {}", "config/plugin.js")).toThrow("oclif's config/plugin.js");
  });

  it("moves a require to where it is used", () => {
    const code = `const a_1 = require("a");\nconst b_1 = __importDefault(require('b'));\n(0, a_1.x)(b_1.default);`;
    const moved = requireWhereUsed(code, "x.js");
    expect(moved.trim()).toBe(`(0, (require("a")).x)((__importDefault(require('b'))).default);`);
  });

  it("fails when a module is loaded in a way that is not known", () => {
    expect(() => requireWhereUsed(`const { x } = require("a");`, "x.js")).toThrow("in a new way");
    expect(() => requireWhereUsed(`const a_1 = require("a");\nlet y = [a_1];`, "x.js")).toThrow(
      "uses a_1 in a new way",
    );
  });
});

describe("what a build leaves", () => {
  it("oclif.manifest.json in the repository is that of these sources", () => {
    const built = readFileSync(join(slim, "oclif.manifest.json"), "utf8");
    const committed = readFileSync(join(root, "oclif.manifest.json"), "utf8");
    expect(committed, "run `npm run build` and commit oclif.manifest.json").toBe(built);
    expect(readFileSync(join(plain, "oclif.manifest.json"), "utf8")).toBe(built);
    expect(JSON.parse(built).version).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
  });

  it("a stack under ATOA_DEBUG names our sources, and without it none is shown", () => {
    const { stderr } = outcome(slim, ["stores", "list"], {});
    expect(stderr).not.toContain("    at ");
    const run = readFileSync(join(root, "bin/run.js"), "utf8").replaceAll("../dist", `${slim}/dist`);
    const entry = join(slim, "run.js");
    writeFileSync(entry, run.replace('join(__dirname, "..")', "__dirname"));
    const { PATH } = process.env;
    const debugged = () =>
      execFileSync(process.execPath, [entry, "stores", "list"], {
        env: { PATH, ATOA_HOME: slim, ATOA_DEBUG: "1" },
        stdio: "pipe",
        encoding: "utf8",
      });
    expect(debugged).toThrow(/src\/commands\/stores\/list\.ts:\d+:\d+/);
  });
});
