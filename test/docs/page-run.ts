import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { load } from "js-yaml";
import { type Block, fencedBlocks } from "./markdown";
import { root } from "./sources";

/**
 * Runs the shell blocks of a Markdown page as a reader would: in order, in one bash (a new one from `<!-- new terminal -->` on),
 * against an emulator of its own. What a block is for stands in an invisible comment right above it:
 *
 *   <!-- not run: why -->     cannot run here
 *   <!-- background -->       runs until the end of the page; the next block waits until it has said something
 *   <!-- script -->           a file of its own, because it exits
 *   <!-- exit 3 -->           ends with this code (script or not)
 *   <!-- workflow -->         a GitHub workflow: its steps are run, but for installations
 *   <!-- stdout --> and <!-- stderr -->  what the block before printed; … stands for anything
 *   <!-- eventually -->       what the background prints in a moment
 */
export interface BlockRun {
  readonly block: Block;
  /** What a test shows as its name: the first command and where it stands. */
  readonly title: string;
  /** Reason, when it was not run. */
  readonly notRun?: string;
  /** What is wrong, in words; empty when the page tells the truth. */
  readonly problems: readonly string[];
}

/** Long, because a busy machine may need a minute for a suite that runs under the emulator. */
const stepLimitMs = 120_000;

export async function runPage(path: string): Promise<BlockRun[]> {
  const markdown = readFileSync(join(root, path), "utf8");
  const blocks = fencedBlocks(markdown);
  if (blocks.length === 0) return [];
  const page = await Page.open(markdown);
  try {
    const runs: BlockRun[] = [];
    const fresh = markdown.split("\n").flatMap((line, index) => (line === "<!-- new terminal -->" ? [index + 1] : []));
    for (const block of blocks) {
      if ((fresh[0] ?? Number.POSITIVE_INFINITY) < block.line) {
        fresh.shift();
        page.newTerminal();
      }
      const title = `line ${block.line}: ${block.text.split("\n")[0] ?? ""}`;
      const outcome = await page.run(block);
      runs.push({ block, title, ...outcome });
    }
    return runs;
  } finally {
    await page.close();
  }
}

type Outcome = Pick<BlockRun, "notRun" | "problems">;
const fine: Outcome = { problems: [] };

class Page {
  #terminal: Terminal | undefined;
  #last = { stdout: "", stderr: "" };
  #count = 0;
  readonly #background: Background[] = [];

  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    /** Ports that the page names → free ones. */
    private readonly ports: ReadonlyMap<string, number>,
    private readonly emulator: Emulator,
  ) {}

  static async open(markdown: string): Promise<Page> {
    const folder = mkdtempSync(join(tmpdir(), "atoa-docs-"));
    for (const name of ["home", "bin", "tmp", "runs", "here"]) mkdirSync(join(folder, name));
    symlinkSync(join(root, "examples"), join(folder, "here", "examples"));
    const shim = join(folder, "bin", "atoa");
    writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${join(root, "bin/run.js")}' "$@"\n`, { mode: 0o755 });
    const named = new Set([...markdown.matchAll(/127\.0\.0\.1:(\d+)/g)].map((match) => match[1] ?? ""));
    const ports = new Map<string, number>();
    for (const port of named) ports.set(port, await freePort());
    const home = join(folder, "home");
    const base = {
      PATH: [join(folder, "bin"), process.env.PATH ?? ""].join(delimiter),
      HOME: home,
      ATOA_HOME: home,
      TMPDIR: join(folder, "tmp"),
      NODE_V8_COVERAGE: process.env.ATOA_COVERAGE_FOLDER,
      XDG_CACHE_HOME: process.env.ATOA_TEST_CACHE,
      LANG: "C.UTF-8",
      SHELL: "/bin/bash",
      RUN_ID: "4711",
      GITHUB_RUN_ID: "4711",
    };
    const emulator = await startEmulator();
    Object.assign(base, {
      ATOA_BASE_URL: emulator.origin,
      ATOA_SANDBOX_TOKEN: emulator.tokens.sandbox,
      ATOA_PRODUCTION_TOKEN: emulator.tokens.production,
    });
    return new Page(folder, base, ports, emulator);
  }

  newTerminal(): void {
    this.#terminal?.close();
    this.#terminal = undefined;
  }

  get #here(): string {
    return join(this.folder, "here");
  }

  async run(block: Block): Promise<Outcome> {
    const note = block.note ?? "";
    const reason = /^not run: (.+)/.exec(note)?.[1];
    if (reason !== undefined) return { problems: [], notRun: reason };
    if (note.startsWith("file: ")) return this.#compareFile(block, note.slice("file: ".length));
    if (note === "workflow") return this.#runWorkflow(block);
    if (note === "stdout" || note === "stderr") return compare(block.text, this.#last[note], note);
    if (note === "eventually") return this.#awaitBackground(block);
    if (block.language !== "sh") return { problems: [`a block of ${block.language} that no test looks at`] };
    if (note === "background") {
      await this.#start(block.text);
      return fine;
    }
    return this.#runShell(block.text, note);
  }

  async close(): Promise<void> {
    this.newTerminal();
    await Promise.all(this.#background.map((one) => one.stop()));
    await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #runShell(text: string, note: string, env: NodeJS.ProcessEnv = this.env): Promise<Outcome> {
    const name = join(this.folder, "runs", String(++this.#count));
    writeFileSync(`${name}.sh`, this.#withPorts(text));
    const own = env !== this.env;
    const terminal = own ? new Terminal(env, this.#here) : (this.#terminal ?? new Terminal(env, this.#here));
    if (!own) this.#terminal = terminal;
    const code = await terminal.run(name, note === "script");
    if (own) terminal.close();
    this.#last = { stdout: read(`${name}.out`), stderr: read(`${name}.err`) };
    const expected = Number(/^exit (\d+)/.exec(note)?.[1] ?? 0);
    const problems =
      expected === 0
        ? read(`${name}.failures`)
            .split("\n")
            .filter((line) => line !== "" && !line.includes(`. '${name}`))
        : [];
    if (code !== expected) problems.push(`ended with ${code}, not ${expected}`);
    return { problems: problems.length === 0 ? [] : [...problems, this.#last.stderr.trim()] };
  }

  /** Every step of every job, in a home of its own; expressions become the variables of the page. */
  async #runWorkflow(block: Block): Promise<Outcome> {
    const workflow = load(block.text) as { jobs: Record<string, Job> };
    const home = mkdtempSync(join(this.folder, "tmp", "runner-"));
    const problems: string[] = [];
    for (const job of Object.values(workflow.jobs)) {
      for (const step of job.steps) {
        if (step.run === undefined || /^npm (ci|install)\b/.test(step.run)) continue;
        const env = { ...this.env, ATOA_HOME: home, ...this.#values(job.env), ...this.#values(step.env) };
        problems.push(...(await this.#runShell(step.run, "", env)).problems);
      }
    }
    return { problems };
  }

  #values(env: Record<string, string> = {}): NodeJS.ProcessEnv {
    const value = (text: string) => text.replace(/\$\{\{ secrets\.(\w+) \}\}/, (_, name) => this.env[name] ?? "");
    return Object.fromEntries(Object.entries(env).map(([name, text]) => [name, value(text)]));
  }

  #compareFile(block: Block, path: string): Outcome {
    return compare(block.text, readFileSync(join(root, path), "utf8"), path);
  }

  async #awaitBackground(block: Block): Promise<Outcome> {
    const end = Date.now() + 10_000;
    for (;;) {
      const all = this.#background.map((one) => one.stdout).join("\n");
      const line = all.split("\n").find((text) => pattern(block.text.trim()).test(text));
      if (line !== undefined) return fine;
      if (Date.now() > end) return { problems: [`nothing in the background printed ${block.text.trim()}:\n${all}`] };
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async #start(command: string): Promise<Background> {
    const background = new Background(this.#withPorts(command), this.env, this.#here);
    this.#background.push(background);
    await background.spoke();
    return background;
  }

  #withPorts(text: string): string {
    let result = text;
    for (const [named, free] of this.ports) result = result.replace(new RegExp(`\\b${named}\\b`, "g"), String(free));
    return result;
  }
}

interface Job {
  readonly env?: Record<string, string>;
  readonly steps: readonly { readonly run?: string; readonly env?: Record<string, string> }[];
}

/** One bash that lives for a section, so that what is exported stays. */
class Terminal {
  readonly #bash: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(env: NodeJS.ProcessEnv, cwd: string) {
    this.#bash = spawn("bash", ["--noprofile", "--norc"], { env, cwd, stdio: ["pipe", "pipe", "ignore"] });
    const stdout = this.#bash.stdout;
    if (stdout === null) throw new Error("bash has no output");
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    this.#bash.stdin?.write("set -E -o pipefail\n");
  }

  /** Runs name.sh; leaves name.out, name.err, and in name.failures each command that failed on the way. */
  async run(name: string, apart: boolean): Promise<number> {
    const trap = `trap 'printf "%s: %s\\n" "$?" "$BASH_COMMAND" >> "${name}.failures"' ERR`;
    const start = apart ? `bash -o pipefail` : ".";
    this.#bash.stdin?.write(`${trap}\n${start} '${name}.sh' >'${name}.out' 2>'${name}.err' </dev/null\necho "@@ $?"\n`);
    const timer = setTimeout(() => this.close(), stepLimitMs);
    try {
      const { value, done } = await this.#lines.next();
      if (done)
        throw new Error(`a step of the page ended its shell, or took more than ${stepLimitMs / 1000} s: ${name}.sh`);
      return Number(String(value).replace("@@ ", ""));
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#bash.kill("SIGKILL");
  }
}

/** A command of the page that runs until its end. */
class Background {
  readonly #child: ChildProcess;
  stdout = "";
  #stderr = "";

  constructor(command: string, env: NodeJS.ProcessEnv, cwd: string) {
    this.#child = spawn("bash", ["-c", command], { env, cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout?.setEncoding("utf8").on("data", (text) => (this.stdout += text));
    this.#child.stderr?.setEncoding("utf8").on("data", (text) => (this.#stderr += text));
  }

  /** Resolves when it has said something: by then it is ready. */
  async spoke(): Promise<void> {
    const end = Date.now() + stepLimitMs;
    const quiet = () => !/\n/.test(this.stdout) && !/login --stdin/.test(this.#stderr);
    while (quiet()) {
      if (this.#child.exitCode !== null || Date.now() > end) throw new Error(`it did not start: ${this.#stderr}`);
      await new Promise((done) => setTimeout(done, 20));
    }
    await new Promise((done) => setTimeout(done, 50));
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) return;
    const closed = new Promise((done) => this.#child.on("close", done));
    process.kill(-this.#child.pid, "SIGTERM");
    await closed;
  }
}

function compare(expected: string, actual: string, where: string): Outcome {
  return pattern(expected.trim()).test(actual.trim())
    ? fine
    : { problems: [`${where} is not what the page shows:\n${actual}`] };
}

/** The text as it is shown, … standing for anything. */
function pattern(text: string): RegExp {
  const parts = text.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*?")}$`);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
