import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { tokenFingerprint } from "../../src/credentials/tokens";
import { afterFile } from "../after-file";
import { type Outcome, root } from "../e2e/program";

/** One case of a fuzz run, how it is run, and what holds for every one of them. */

export interface Case {
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Contents of the two state files, one character a byte. Missing: no such file. */
  readonly config?: string;
  readonly secrets?: string;
}

export const token = "test-token-sandbox-fuzz-0123456789";
const documented = [0, 1, 2, 3, 4, 5, 6, 130];

/** The seed of this run: a new one each time, or the one to repeat. */
export const seed = Number(process.env.ATOA_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
fc.configureGlobal({ seed, interruptAfterTimeLimit: 290_000, markInterruptAsFailure: true });
process.stdout.write(`fuzz: ATOA_TEST_SEED=${seed}\n`);

/** The state files of a home with one profile, bound to `origin`. */
export function paired(origin: string): { config: string; secrets: string } {
  const key = { tokenFingerprint: tokenFingerprint(token), sdkAccessId: "key_1", apiOrigin: origin, store: "file" };
  const acme = { businessId: "biz_1", displayName: "Acme", defaultEnv: "sandbox", envs: { sandbox: key } };
  return {
    config: JSON.stringify({ schemaVersion: 1, activeProfile: "acme", profiles: { acme } }),
    secrets: JSON.stringify({ "acme:sandbox": token }),
  };
}

function tell(story: object): string {
  const short = (_: string, value: unknown) => (typeof value === "string" ? value.slice(0, 1500) : value);
  return JSON.stringify(story, short);
}

/** What holds for the end of every case, whatever went in. */
export function expectDecentEnd(
  one: Case,
  { code, stdout, stderr }: Pick<Outcome, "code" | "stdout" | "stderr">,
): void {
  const story = tell({ seed, ...one, code, stdout, stderr });
  expect(documented, story).toContain(code);
  for (const text of [stdout, stderr]) {
    if (text.includes(token)) expect.fail(`the token is in the output: ${story}`);
    if (/^ {4}at \S/m.test(text)) expect.fail(`a stack trace: ${story}`);
  }
  if (stderr.includes("Something unexpected")) expect.fail(`a crash: ${story}`);
  if (code !== 0 && code !== 130 && !/^(error:|Aborted)/m.test(stderr)) expect.fail(`no reason: ${story}`);
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(stderr)) expect.fail(`control characters on stderr: ${story}`);
  // --verbose shows a URL as long as it was typed; an error is for reading.
  if (stderr.split("\n").some((line) => line.startsWith("error:") && line.length > 5000))
    expect.fail(`an endless error: ${story}`);
}

/** A process that runs cases one after the other; a new one takes over when it dies. */
export class Driver {
  readonly #home = mkdtempSync(join(tmpdir(), "atoa-fuzz-"));
  #child: ChildProcess | undefined;
  #cases = 0;

  constructor(private readonly env: Readonly<Record<string, string>>) {
    afterFile(() => {
      this.#end();
      rmSync(this.#home, { recursive: true, force: true });
    });
  }

  get cases(): number {
    return this.#cases;
  }

  /** Runs one case and checks its end. */
  async run(one: Case): Promise<Outcome> {
    this.#cases++;
    // A process learns secrets for good; those that broken files hold would pile up and hide ordinary words.
    if (this.#cases % 400 === 0) this.#end();
    this.#child ??= this.#start();
    const child = this.#child;
    const id = this.#cases;
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      const failed = (what: string) => {
        this.#child = undefined;
        child.kill("SIGKILL");
        reject(new Error(`${what}: ${tell({ seed, ...one })}`));
      };
      const timer = setTimeout(() => settle(() => failed("hangs")), 20_000);
      const died = () => settle(() => failed("kills the process"));
      const heard = (answer: Outcome & { id: number }) => {
        if (answer.id === id) settle(() => resolve({ ...answer, signal: null }));
      };
      const settle = (end: () => void) => {
        clearTimeout(timer);
        child.off("exit", died).off("message", heard);
        end();
      };
      child.on("exit", died).on("message", heard);
      child.send({ id, ...one });
    });
    expectDecentEnd(one, outcome);
    return outcome;
  }

  #end(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  #start(): ChildProcess {
    const { PATH, NODE_V8_COVERAGE } = process.env;
    const kept = NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE };
    const env = { PATH, ...kept, HOME: this.#home, ATOA_HOME: this.#home, ATOA_MAX_RETRIES: "0", ATOA_TIMEOUT: "5" };
    const child = fork(join(import.meta.dirname, "driver.cjs"), [root, this.#home], {
      env: { ...env, ...this.env },
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.setMaxListeners(20);
    return child;
  }
}

/** A server on loopback for a test file. */
export async function serve(answer: RequestListener): Promise<string> {
  const server: Server = createServer((request, response) => {
    request.on("error", () => undefined).resume();
    response.on("error", () => undefined);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  afterFile(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export { fc };
