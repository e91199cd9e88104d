import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Config, type Interfaces, Plugin, settings } from "@oclif/core";
import { type Commands, type Plan, readArgv } from "./argv";
import { AtoaError, exitCodes, interrupted, usageError } from "./errors";
import {
  awaitsInterruption,
  flush,
  PipeClosed,
  signalCode,
  speakJson,
  wantsColour,
  writeData,
} from "./terminal/terminal";

/**
 * The path of one command: argv → plan → oclif runs the command → it prints a value, or one error is printed here.
 * @param argv what was typed after `atoa`
 * @param root directory of package.json and oclif.manifest.json
 * @returns the exit code, when all output has left the process
 */
export async function main(argv: readonly string[], root: string): Promise<number> {
  // What no promise caught (a stream, a timer of a library) must not end in a stack trace: the last resort, said like any error.
  process.once("uncaughtException", (error) => void endWith(error));
  let id = "";
  speakJson(false);
  try {
    const { rest, asJson } = readErrorsFormat(argv);
    speakJson(asJson);
    if (asJson) process.once("SIGINT", endAsJson);
    const config = await loadConfig(root);
    const plan = await readArgv(rest, commandsOf(config));
    if (plan.kind !== "version") id = plan.id;
    await execute(plan, config, root);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof PipeClosed) return signalCode() ?? 0;
    const code = await report(await translated(error, id));
    return code === exitCodes.interrupted ? (signalCode() ?? code) : code;
  } finally {
    process.removeListener("SIGINT", endAsJson);
    await flush();
  }
}

/** Ctrl-C before a command has work to end: without this it would die of the signal, and say nothing. */
function endAsJson(): void {
  if (!awaitsInterruption()) void endWith(interrupted());
}

async function endWith(error: unknown): Promise<void> {
  process.exit(await report(error));
}

/** Prints a failure and returns its exit code. */
async function report(error: unknown): Promise<number> {
  const { reportError } = await import("./terminal/error-text");
  return reportError(error);
}

/**
 * Takes `--errors json|text` out of argv, wherever it stands before `--`: it has to be known before anything can fail, an
 * unknown command included. ATOA_ERRORS says the same.
 * @throws a usage error for any other value
 */
function readErrorsFormat(argv: readonly string[]): {
  readonly rest: readonly string[];
  readonly asJson: boolean;
} {
  const end = argv.indexOf("--");
  const rest: string[] = [];
  let typed: string | undefined;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if ((end !== -1 && index >= end) || !/^--errors(=|$)/.test(word)) {
      rest.push(word);
      continue;
    }
    typed = word.includes("=") ? word.slice("--errors=".length) : argv[++index];
    checkFormat("--errors", typed);
  }
  const variable = process.env.ATOA_ERRORS;
  if (typed === undefined && variable !== undefined && variable !== "") checkFormat("ATOA_ERRORS", variable);
  return { rest, asJson: (typed ?? variable)?.toLowerCase() === "json" };
}

function checkFormat(name: string, value: string | undefined): void {
  if (value !== undefined && /^(json|text)$/i.test(value)) return;
  throw usageError(`${name} must be json or text`, `for example: ${name}${name.startsWith("-") ? " " : "="}json`, name);
}

async function execute(plan: Plan, config: Config, root: string): Promise<void> {
  if (plan.kind === "version") return writeData(`${config.userAgent}\n`);
  if (plan.kind === "help") {
    const { helpPage } = await import("./start/help-page");
    return writeData(helpPage(root, plan.id, wantsColour("stdout")));
  }
  await config.runCommand(plan.id, [...plan.argv]);
}

/** What oclif throws, in our words. */
async function translated(error: unknown, id: string): Promise<unknown> {
  if (error instanceof AtoaError) return error;
  const { translateOclifError } = await import("./cli/oclif-errors");
  return translateOclifError(error, id);
}

/** oclif's config without the search for themes. */
class AtoaConfig extends Config {
  override async loadTheme(): Promise<undefined> {}
}

/** Loads oclif's config from files already known, so that it searches for nothing. */
export async function loadConfig(root: string): Promise<Config> {
  settings.enableAutoTranspile = false;
  const pjson = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Interfaces.PJSON;
  const plugin = new Plugin({ root, isRoot: true, name: pjson.name, pjson });
  await plugin.load();
  const config = new AtoaConfig({ root, pjson, plugins: new Map([[plugin.name, plugin]]) });
  await config.load();
  return config;
}

function commandsOf(config: Config): Commands {
  return Object.fromEntries(config.commands.map((command) => [command.id, command as Commands[string]]));
}
