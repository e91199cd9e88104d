import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadCached } from "../../../src/start/code-cache";

const nodeRequire = createRequire(import.meta.url);
let folder: string;
let cache: string;

beforeEach(() => {
  vi.stubGlobal("ATOA_BUILD", "test");
  folder = mkdtempSync(join(tmpdir(), "atoa-chunks-"));
  cache = join(folder, "cache");
  mkdirSync(cache, { mode: 0o700 });
  mkdirSync(join(folder, "dist/chunks"), { recursive: true });
  mkdirSync(join(folder, "dist/start"));
  copyFileSync(resolve("dist/start/save-code.js"), join(folder, "dist/start/save-code.js"));
  writeFileSync(
    join(folder, "dist/main.js"),
    `const { twice } = require("./chunks/twice.js"); exports.answer = twice(21); exports.again = require(__dirname + "/chunks/twice.js").twice === twice; exports.sep = require("node:path").sep;`,
  );
  writeFileSync(
    join(folder, "dist/chunks/twice.js"),
    `exports.twice = (n) => 2 * n; exports.main = require("../main.js");`,
  );
  for (const name of ["NODE_V8_COVERAGE", "ATOA_DEBUG", "ATOA_CODE_CACHE"]) vi.stubEnv(name, undefined);
  vi.stubEnv("XDG_CACHE_HOME", cache);
  vi.stubEnv("LOCALAPPDATA", cache);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

/** Loads, and does what happens when the process ends. */
function load(): unknown {
  const before = process.listeners("exit");
  const loaded = loadCached(join(folder, "dist/main.js"), nodeRequire);
  for (const listener of process.listeners("exit").filter((one) => !before.includes(one))) {
    process.removeListener("exit", listener);
    listener.call(process, 0);
  }
  return loaded;
}

function keptFiles(): string[] {
  const [own = ""] = readdirSync(join(cache, "atoa")).filter((name) => name.startsWith("code-test-"));
  return readdirSync(join(cache, "atoa", own)).sort();
}

describe("the loader of chunks", () => {
  const expected = { answer: 42, again: true, sep: expect.any(String) };

  it("loads each chunk once, circles included, from sources and then from kept code", () => {
    expect(load()).toMatchObject(expected);
    expect(keptFiles()).toEqual(["chunks~twice.js", "main.js"]);
    expect(load()).toMatchObject(expected);
  });

  it("leaves errors to the one who asked", () => {
    writeFileSync(join(folder, "dist/chunks/twice.js"), "throw new Error('no')");
    expect(() => load()).toThrow("no");
  });

  it("takes Node's own loader when it is switched off", () => {
    vi.stubEnv("ATOA_CODE_CACHE", "0");
    expect(load()).toMatchObject(expected);
    expect(readdirSync(cache)).toEqual([]);
  });

  it("clears what a month has not touched, and nothing else", () => {
    for (const name of ["code-old-v1-x64", "code-new-v1-x64", "autocomplete"]) {
      mkdirSync(join(cache, "atoa", name), { recursive: true, mode: 0o700 });
      const age = name.includes("new") ? 1 : 40;
      const time = Date.now() / 1000 - age * 24 * 60 * 60;
      utimesSync(join(cache, "atoa", name), time, time);
    }
    load();
    const left = readdirSync(join(cache, "atoa")).filter((name) => !name.startsWith("code-test-"));
    expect(left.sort()).toEqual(["autocomplete", "code-new-v1-x64"]);
  });
});
