import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dryRunArgv, inputFiles, inputText, readManifest } from "../../manifest";
import { some } from "../../scale.mjs";

/** bin/run.js from the outside: what is answered at once, what is kept from run to run, how much is loaded. */

const root = resolve(import.meta.dirname, "../../..");
const program = join(root, "bin/run.js");
const windows = process.platform === "win32";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "atoa-start-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function run(
  argv: readonly string[],
  env: Record<string, string | undefined> = {},
  before: readonly string[] = [],
  input = "",
) {
  const { PATH, SystemRoot } = process.env;
  const own = { HOME: home, LOCALAPPDATA: home, ATOA_HOME: home };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...before, program, ...argv], {
    env: { PATH, SystemRoot, ...own, ...env },
    encoding: "utf8",
    input,
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

/** The folder with the compiled code of this build, or undefined. */
function kept(base = home): string | undefined {
  const below = windows ? "" : process.platform === "darwin" ? "Library/Caches" : ".cache";
  const folder = join(base, below, "atoa");
  const [name] = existsSync(folder) ? readdirSync(folder).filter((one) => one.startsWith("code-")) : [];
  return name === undefined ? undefined : join(folder, name);
}

function emptyHome(name: string): string {
  const folder = join(home, name);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

describe("answers that lie ready", () => {
  it("--version is what the program itself says", () => {
    const { status, stdout } = run(["--version"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^@atoapayments\/atoa-cli\/\d+\.\d+\.\d+ \S+ node-v\d+\.\d+\.\d+\n$/);
    expect(run(["stores", "list", "--version"]).stdout).toBe(stdout);
  });

  it.each(some([[["payments"]], [[]], [["payments", "create"]], [["whoami"]], [["autocomplete", "script"]]], 2))(
    "help of %j is one page, however it is asked for",
    (words) => {
      const ready = run([...words, "--help"]);
      expect(ready).toMatchObject({ status: 0, stderr: "" });
      expect(ready.stdout).toContain(words.length === 0 ? "GET STARTED\n" : "USAGE\n  $ atoa");
      expect(run([...words, "-h"])).toEqual(ready);
      // By way of the program.
      expect(run(["--env", "sandbox", ...words, "--help"])).toEqual(ready);
      expect(run(["help", ...words])).toEqual(ready);
    },
  );

  it("a page that does not exist is an error, and no path leads out of the folder", () => {
    expect(run(["paymnts", "--help"]).status).toBe(3);
    expect(run(["../../package", "--help"]).stdout).toBe("");
  });

  it.each([
    ["ready", []],
    ["by way of the program", ["--env", "sandbox"]],
  ])("headings are bold where colour is wanted: %s", (_, before) => {
    const page = (env: Record<string, string>) => run([...before, "payments", "--help"], env).stdout;
    expect(page({ FORCE_COLOR: "1" })).toMatch(/\u001b\[1m(USAGE|GET STARTED)\u001b\[22m\n/);
    const plain = [{ FORCE_COLOR: "" }, {}, { FORCE_COLOR: "1", NO_COLOR: "1" }, { FORCE_COLOR: "1", TERM: "dumb" }];
    for (const env of some(plain, 2)) {
      expect(page(env)).not.toContain("\u001b");
    }
  });

  it.each([[["--version"]], [["--help"]], [["--complete-bash", "atoa "]], [["stores", "list"]]])(
    "NODE_TLS_REJECT_UNAUTHORIZED=0 is refused before %j",
    (argv) => {
      const refused = run(argv, { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
      expect(refused).toMatchObject({ status: 1, stdout: "" });
      expect(refused.stderr).toMatch(/^error: NODE_TLS_REJECT_UNAUTHORIZED=0 .* — unset it/m);
    },
  );
});

describe("when something is wrong with the program itself", () => {
  it("an error nobody caught is one line", () => {
    const hook = join(home, "boom.cjs");
    writeFileSync(hook, `process.nextTick(() => { throw new Error("boom"); });`);
    const { status, stderr } = run(["stores", "list"], { ATOA_CODE_CACHE: "0" }, ["--require", hook]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: Unexpected error: boom — .*\n$/);
  });

  it("a broken installation says how to mend it", () => {
    const copy = emptyHome("broken");
    mkdirSync(join(copy, "bin"));
    copyFileSync(program, join(copy, "bin/run.js"));
    const broken = spawnSync(process.execPath, [join(copy, "bin/run.js"), "stores", "list"], { encoding: "utf8" });
    expect(broken).toMatchObject({ status: 1, stdout: "" });
    expect(broken.stderr).toMatch(/^error: This installation of atoa is incomplete: .* — reinstall it: .*\n$/);
  });
});

describe("compiled code that is kept", () => {
  const profiles = ["profile", "list"];

  it("is for the user alone, and the next run adds nothing to it", () => {
    expect(run(profiles)).toMatchObject({ status: 0, stdout: "[]\n" });
    const folder = kept() ?? "";
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(10);
    if (!windows) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(files.filter((name) => (statSync(join(folder, name)).mode & 0o777) !== 0o600)).toEqual([]);
    }
    const times = () => readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]);
    const before = times();
    expect(run(profiles)).toMatchObject({ status: 0, stdout: "[]\n" });
    expect(times()).toEqual(before);
  });

  const damage: [string, (code: Buffer) => Buffer][] = [
    ["half of it", (code) => code.subarray(0, code.length / 2 + 1)],
    ["nothing", () => Buffer.alloc(0)],
    ["zeros", (code) => Buffer.alloc(code.length)],
    ["something else", () => Buffer.from("not code, not code, ".repeat(100))],
  ];
  it.each(some(damage, 2))("does no harm when a file holds %s", (_, damaged) => {
    run(profiles);
    const folder = kept() ?? "";
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      writeFileSync(file, damaged(readFileSync(file)));
    }
    expect(run(profiles)).toMatchObject({ status: 0, stdout: "[]\n", stderr: "" });
    expect(run(profiles)).toMatchObject({ status: 0, stdout: "[]\n", stderr: "" });
  });

  it.runIf(!windows).each([
    ["a pipe", (file: string) => execFileSync("mkfifo", [file])],
    ["a link to a device without an end", (file: string) => symlinkSync("/dev/zero", file)],
  ])("does no harm when %s lies in the place of a file", (_, make) => {
    run(profiles);
    const folder = kept() ?? "";
    for (const name of readdirSync(folder)) {
      rmSync(join(folder, name));
      make(join(folder, name));
    }
    for (let start = 0; start < 2; start++) {
      expect(run(profiles)).toMatchObject({ status: 0, stdout: "[]\n", stderr: "" });
    }
  });

  const reasons: [string, Record<string, string | undefined>][] = [
    ["ATOA_CODE_CACHE=0", { ATOA_CODE_CACHE: "0" }],
    ["ATOA_DEBUG=1", { ATOA_DEBUG: "1" }],
    ["a home that cannot be made", { HOME: "/dev/null/home", LOCALAPPDATA: "Z:\\nowhere" }],
    ["no home", { HOME: undefined, LOCALAPPDATA: undefined }],
    ["a relative cache folder", { XDG_CACHE_HOME: "somewhere", LOCALAPPDATA: "somewhere" }],
  ];
  it.each(some(reasons, 2))("is left alone with %s", (name, env) => {
    const own = emptyHome(name.replaceAll(/\W/g, "-"));
    expect(run(profiles, { HOME: own, LOCALAPPDATA: own, ...env })).toMatchObject({ status: 0, stdout: "[]\n" });
    expect(kept(own)).toBeUndefined();
  });

  it("is left alone while coverage is measured, and coverage sees the chunks", () => {
    const own = emptyHome("coverage");
    const reports = join(own, "reports");
    expect(run(profiles, { HOME: own, LOCALAPPDATA: own, NODE_V8_COVERAGE: reports }).status).toBe(0);
    expect(kept(own)).toBeUndefined();
    expect(readFileSync(join(reports, readdirSync(reports)[0] ?? ""), "utf8")).toContain(
      "dist/commands/profile/list.js",
    );
  });

  it.runIf(!windows)(
    "is kept where the cache directory does not exist yet, HOME is a link or a group may write to it",
    () => {
      const real = emptyHome("real");
      chmodSync(real, 0o775);
      const link = join(home, "link");
      symlinkSync(real, link);
      expect(run(profiles, { HOME: link }).status).toBe(0);
      expect(kept(real)).toBeDefined();
      const caches = join(home, "no/such/caches");
      expect(run(profiles, { XDG_CACHE_HOME: caches }).status).toBe(0);
      expect(readdirSync(join(caches, "atoa"))).toHaveLength(1);
    },
  );

  it.runIf(!windows)("is not trusted where others may write", () => {
    const own = emptyHome("shared");
    run(profiles, { HOME: own });
    chmodSync(kept(own) ?? "", 0o777);
    for (const name of readdirSync(kept(own) ?? "")) rmSync(join(kept(own) ?? "", name));
    run(profiles, { HOME: own });
    expect(readdirSync(kept(own) ?? "")).toEqual([]);
  });

  it.runIf(process.platform === "linux")("is not looked for in places like /proc", () => {
    expect(run(profiles, { HOME: "/proc/self" })).toMatchObject({ status: 0, stdout: "[]\n" });
  });
});

describe("commands run again from kept code as they did at first", () => {
  const commands = Object.entries(readManifest()).filter(([, { flags }]) => "dryRun" in flags);
  beforeAll(() => {
    const folder = join(home, ".config/atoa");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const key = { tokenFingerprint: "9f3a", sdkAccessId: "sda_1" };
    const profile = { businessId: "b_1", defaultEnv: "sandbox", envs: { sandbox: key } };
    const config = { schemaVersion: 1, activeProfile: "acme", profiles: { acme: profile } };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config), { mode: 0o600 });
    for (const [name, text] of Object.entries(inputFiles)) writeFileSync(join(home, name), text);
  });

  it.each(some(commands, 16))("%s", (id, command) => {
    const argv = dryRunArgv(id, command).map((word) => word.replace(/^@/, `@${home}/`));
    const steady = (text: string) => text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<uuid>");
    const [first, second] = [run(argv, {}, [], inputText), run(argv, {}, [], inputText)];
    expect(first.status, first.stderr).toBe(0);
    expect({ ...second, stdout: steady(second.stdout) }).toEqual({ ...first, stdout: steady(first.stdout) });
  });
});

describe("no more is loaded than needed", () => {
  /** Files of ours and modules of Node that are loaded beyond what an empty script loads. */
  function loaded(argv: readonly string[], environment: NodeJS.ProcessEnv) {
    const hook = join(home, "count.cjs");
    const say = `process.on("exit", () => {
      const files = Object.keys(require.cache).filter((name) => !name.endsWith("count.cjs")).length;
      const builtins = process.moduleLoadList.filter((name) => name.startsWith("NativeModule")).length;
      require("node:fs").writeSync(2, "\\nloaded " + JSON.stringify({ files, builtins }));
    });`;
    writeFileSync(hook, say);
    const counted = (stderr: string): { files: number; builtins: number } =>
      JSON.parse(/loaded (\{.*\})/.exec(stderr)?.[1] ?? "{}");
    const empty = join(home, "empty.cjs");
    writeFileSync(empty, "");
    const { PATH, SystemRoot } = process.env;
    const bare = spawnSync(process.execPath, ["--require", hook, empty], {
      env: { PATH, SystemRoot },
      encoding: "utf8",
    });
    const full = counted(run(argv, { ...environment, ATOA_CODE_CACHE: "0" }, ["--require", hook]).stderr);
    return { files: full.files, builtins: full.builtins - counted(bare.stderr).builtins };
  }

  // Nobody listens at this port; all that a request needs is loaded before that is noticed.
  const request = { ATOA_TOKEN: "test-token-sandbox", ATOA_BASE_URL: "http://127.0.0.1:1", ATOA_MAX_RETRIES: "0" };
  it.each([
    { what: "--version", argv: ["--version"], files: 1, builtins: 0 },
    { what: "a TAB", argv: ["--complete-bash", "atoa pay"], files: 2, builtins: 1 },
    { what: "help", argv: ["payments", "create", "--help"], files: 2, builtins: 0 },
    { what: "profile list", argv: ["profile", "list"], files: 36, builtins: 34 },
    { what: "a dry run", argv: ["stores", "list", "--dryRun"], files: 38, builtins: 34 },
    { what: "a request", argv: ["stores", "list"], files: 42, builtins: 46, environment: request },
  ])("$what", ({ what, argv, files, builtins, environment = {} }) => {
    const count = loaded(argv, environment);
    process.stdout.write(`${what}: ${count.files} files, ${count.builtins} modules of Node\n`);
    expect(count.files).toBeLessThanOrEqual(files);
    expect(count.builtins).toBeLessThanOrEqual(builtins);
  });
});
