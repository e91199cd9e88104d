import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { afterFile } from "../after-file";
import { Driver as ProgramDriver, printsToken } from "../e2e/driver";
import { type StateFiles, stateFiles, writeStateFiles } from "../e2e/pairing";
import { bareEnvironment, type Outcome } from "../e2e/program";
import fc, { codePoint } from "../random";
import { seed } from "../seed";

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

fc.configureGlobal({ ...fc.readConfigureGlobal(), interruptAfterTimeLimit: 290_000, markInterruptAsFailure: true });
process.stdout.write(`fuzz: ATOA_TEST_SEED=${seed}\n`);

/** The state files of a home with one profile, bound to `origin`. */
export const paired = (origin: string): StateFiles => stateFiles(origin, token);

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
    const isNewToken = text === stdout && printsToken(one.argv);
    if (text.includes(token) && !isNewToken) expect.fail(`the token is in the output: ${story}`);
    if (/^ {4}at \S/m.test(text)) expect.fail(`a stack trace: ${story}`);
  }
  if (stderr.includes("Something unexpected")) expect.fail(`a crash: ${story}`);
  if (code !== 0 && code !== 130 && !/^(error:|Aborted|\{"error":\{)/m.test(stderr)) expect.fail(`no reason: ${story}`);
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(stderr)) expect.fail(`control characters on stderr: ${story}`);
  // --verbose shows a URL as long as it was typed; an error is for reading.
  if (stderr.split("\n").some((line) => /^(error:|\{"error":)/.test(line) && line.length > 5000))
    expect.fail(`an endless error: ${story}`);
}

/** Runs cases one after the other in one process, each in a home made for it, and checks how each of them ends. */
export class Driver {
  readonly #home = mkdtempSync(join(tmpdir(), "atoa-fuzz-"));
  readonly #driver = new ProgramDriver();
  #cases = 0;

  constructor(private readonly env: Readonly<Record<string, string>>) {
    afterFile(() => rmSync(this.#home, { recursive: true, force: true }));
  }

  get cases(): number {
    return this.#cases;
  }

  /** Runs one case and checks its end. */
  async run(one: Case): Promise<Outcome> {
    this.#cases++;
    rmSync(this.#home, { recursive: true, force: true });
    writeStateFiles(this.#home, one);
    const env = { HOME: this.#home, ATOA_HOME: this.#home, ATOA_TIMEOUT: "5", ...this.env, ...one.env };
    const outcome = await this.#driver.run({
      argv: one.argv,
      stdin: one.stdin ?? "",
      env: { ...bareEnvironment(), ...env },
      cwd: this.#home,
      limit: 20_000,
    });
    expectDecentEnd(one, outcome);
    return outcome;
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

export { codePoint, fc };
