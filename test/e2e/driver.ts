import { type ChildProcess, fork } from "node:child_process";
import { join, resolve } from "node:path";
import { afterFile } from "../after-file";
import { tokenIn } from "./leaks";
import type { Outcome } from "./outcome";

/** One process that runs the built program case after case, without starting Node for each. */

const root = resolve(import.meta.dirname, "../..");

/** What stays in a process, such as the tokens it has learnt, piles up and would blur later cases. */
const casesPerProcess = 200;

interface Resident {
  readonly child: ChildProcess;
  /** Cases that it has run. */
  cases: number;
}

/** Those that a test file is done with wait here for the next one; they die with this process. */
const idle: Resident[] = [];

export interface DriverCase {
  readonly argv: readonly string[];
  readonly stdin: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Width of the terminal that stdout and stderr say they are. */
  readonly columns?: number | undefined;
  /** Milliseconds until the process is killed and the case fails. */
  readonly limit: number;
}

export class Driver {
  #resident: Resident | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** Runs one case when those before it are over. A case that hangs or ends the process fails; the next gets a new one. */
  run(one: DriverCase): Promise<Outcome> {
    const turn = this.#queue.then(() => this.#run(one));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #run({ argv, stdin, env, cwd, limit, columns }: DriverCase): Promise<Outcome> {
    if (this.#resident !== undefined && this.#resident.cases >= casesPerProcess) this.#end();
    this.#resident ??= this.#hire(env);
    const { child } = this.#resident;
    const id = ++this.#resident.cases;
    const outcome = await new Promise<Outcome>((done, failed) => {
      const give = (what: string) => {
        this.#end();
        failed(new Error(`${what}: ${JSON.stringify(argv).slice(0, 1500)}`));
      };
      const timer = setTimeout(() => settle(() => give("hangs")), limit);
      const died = () => settle(() => give("ends the process"));
      const heard = (answer: Outcome & { id: number }) => {
        const { code, stdout, stderr } = answer;
        if (answer.id === id) settle(() => done({ code, stdout, stderr, signal: null }));
      };
      const settle = (end: () => void) => {
        clearTimeout(timer);
        child.off("exit", died).off("message", heard);
        end();
      };
      child.on("exit", died).on("message", heard);
      child.send({ id, argv, stdin, env: defined(env), cwd, columns });
    });
    const shown = tokenIn(outcome.stderr) ?? (printsToken(argv) ? undefined : tokenIn(outcome.stdout));
    if (shown !== undefined) throw new Error(`${argv.join(" ")} showed a token`);
    return outcome;
  }

  #end(): void {
    this.#resident?.child.kill("SIGKILL");
    this.#resident = undefined;
  }

  #hire(env: DriverCase["env"]): Resident {
    afterFile(() => {
      if (this.#resident !== undefined) idle.push(this.#resident);
      this.#resident = undefined;
    });
    const waiting = idle.pop();
    if (waiting?.child.connected) return waiting;
    const child = fork(join(import.meta.dirname, "driver.cjs"), [root], {
      env: defined(env),
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.setMaxListeners(20);
    child.unref();
    child.channel?.unref();
    return { child, cases: 0 };
  }
}

/** The one command that shows a token, the new one, is `keys regenerate`. */
export function printsToken(argv: readonly string[]): boolean {
  return argv.includes("keys") && argv.includes("regenerate");
}

function defined(env: DriverCase["env"]): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
