import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import spawn from "cross-spawn";
import { createVault } from "../credentials/vault";
import type { Emulator } from "../emulator/index";
import { AtoaError } from "../errors";
import { log, stdinIsTerminal } from "../terminal/terminal";
import { shellWord } from "../text";
import { type EmulatorFlagValues, ofEmulator, startWith } from "./emulator-flags";
import { operationLines } from "./emulator-voice";
import { identify } from "./log-in";

const profile = "emulator";
const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command with an emulator of its own and a paired profile, in a home of its own; both are gone afterwards.
 * @param argv the command and its arguments
 * @returns its exit code; 128 + n when signal n ended it, as a shell has it
 */
export async function runUnderEmulator(
  argv: readonly [string, ...string[]],
  { operations, ...flags }: EmulatorFlagValues & { readonly operations?: boolean },
): Promise<number> {
  const emulator = await startWith(flags);
  const home = await mkdtemp(join(tmpdir(), "atoa-emulator-"));
  try {
    const environment = await environmentFor(emulator, home);
    // The log and the counts begin with the command's first request.
    emulator.clearRequests();
    emulator.clearOperations();
    const code = await run(argv, environment);
    if (operations) for (const line of operationLines(emulator.operations())) log(line);
    return code;
  } finally {
    await ofEmulator(() => emulator.close());
    await rm(home, { recursive: true, force: true });
  }
}

async function environmentFor(emulator: Emulator, home: string): Promise<NodeJS.ProcessEnv> {
  // What chooses a profile, a store or a real token outside must not reach in.
  const { ATOA_PROFILE: _, ATOA_SECRET_STORE: __, ATOA_TOKEN: ___, ...inherited } = process.env;
  const environment = {
    ...inherited,
    ATOA_HOME: home,
    ATOA_BASE_URL: emulator.origin,
    // For a program that calls the API itself. These tokens open nothing but this emulator, so they are no secret.
    ATOA_EMULATOR_URL: emulator.origin,
    ATOA_EMULATOR_SANDBOX_TOKEN: emulator.tokens.sandbox,
    ATOA_EMULATOR_PRODUCTION_TOKEN: emulator.tokens.production,
  };
  const vault = createVault({ environment, interactive: false });
  for (const env of ["production", "sandbox"] as const) {
    const token = emulator.tokens[env];
    const { merchantId, businessName, sdkAccessId } = await identify(token, emulator.origin);
    await vault.storeLogin({
      profile,
      env,
      token,
      businessId: merchantId,
      displayName: businessName,
      sdkAccessId,
      origin: emulator.origin,
      activate: true,
    });
  }
  await vault.setDefaultEnv(profile, "sandbox");
  return firstInPath(environment, await shim(home));
}

/** The environment with a directory before all others of PATH; Windows may spell that `Path`, and must not get both spellings. @internal */
export function firstInPath(environment: NodeJS.ProcessEnv, directory: string): NodeJS.ProcessEnv {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  return { ...environment, [name]: [directory, environment[name] ?? ""].join(delimiter) };
}

/** A directory whose `atoa` is this very program, so that a script runs the version that started the emulator. */
async function shim(home: string): Promise<string> {
  const directory = join(home, "bin");
  const [node, program] = [process.execPath, process.argv[1] ?? ""];
  await mkdir(directory);
  if (process.platform === "win32") {
    await writeFile(join(directory, "atoa.cmd"), `@"${node}" "${program}" %*\r\n`);
  } else {
    const quoted = [node, program].map((text) => shellWord(text, "linux")).join(" ");
    await writeFile(join(directory, "atoa"), `#!/bin/sh\nexec ${quoted} "$@"\n`);
    await chmod(join(directory, "atoa"), 0o755);
  }
  return directory;
}

function run([command, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Promise<number> {
  // Windows starts `npm` and our own shim, which are .cmd files there, only with some care: cross-spawn takes it.
  const child = spawn(command, args, { stdio: "inherit", env });
  // Ctrl-C reaches the whole foreground group by itself; the child decides what becomes of it.
  const pass = (signal: NodeJS.Signals) => {
    if (signal !== "SIGINT" || !stdinIsTerminal()) child.kill(signal);
  };
  for (const signal of passedOn) process.on(signal, pass);
  return new Promise<number>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => reject(cannotRun(command, error)));
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  }).finally(() => {
    for (const signal of passedOn) process.off(signal, pass);
  });
}

function cannotRun(command: string, error: NodeJS.ErrnoException): AtoaError {
  return new AtoaError({
    kind: "failure",
    message: `Could not run ${command} (${error.code ?? error.message})`,
    hint: "check that it is installed and executable",
    cause: error,
  });
}
