import { type ChildProcess, fork } from "node:child_process";
import { join, resolve } from "node:path";
import { afterFile } from "../after-file";
import { tokenIn } from "./leaks";
import type { Outcome } from "./outcome";

/** One process that runs the built program case after case, without starting Node for each. */

const root = resolve(import.meta.dirname, "../..");

/** What stays in a process, such as the tokens it has learnt, piles up and would blur later cases. */
const casesPerProcess = 200;

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
  #child: ChildProcess | undefined;
  #cases = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** Runs one case when those before it are over. A case that hangs or ends the process fails; the next gets a new one. */
  run(one: DriverCase): Promise<Outcome> {
    const turn = this.#queue.then(() => this.#run(one));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #run({ argv, stdin, env, cwd, limit, columns }: DriverCase): Promise<Outcome> {
    this.#cases++;
    if (this.#cases % casesPerProcess === 0) this.#end();
    this.#child ??= this.#start(env);
    const child = this.#child;
    const id = this.#cases;
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
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  #start(env: DriverCase["env"]): ChildProcess {
    const child = fork(join(import.meta.dirname, "driver.cjs"), [root], {
      env: defined(env),
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.setMaxListeners(20);
    afterFile(() => this.#end());
    return child;
  }
}

/** The one command that shows a token, the new one, is `keys regenerate`. */
export function printsToken(argv: readonly string[]): boolean {
  return argv.includes("keys") && argv.includes("regenerate");
}

function defined(env: DriverCase["env"]): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
