import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Config, type Interfaces, Plugin, settings } from "@oclif/core";
import { type Commands, type Plan, readArgv } from "./argv";
import { AtoaError, exitCodes, interrupted } from "./errors";
import {
  awaitsInterruption,
  flush,
  PipeClosed,
  readErrorsFormat,
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
