// @ts-check
/**
 * Writes what is made from the commands themselves, the reference in docs/commands/ with one page a topic, and from the OpenAPI file of
 * the emulator's control API. `npm run docs`; a test compares.
 */
import { readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { emulatorApiPage } from "./emulator-api-page.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * @typedef {{ name: string, summary?: string, type: "option" | "boolean", options?: string[], default?: unknown, required?: boolean,
 *   helpValue?: string, helpGroup?: string, char?: string, allowNo?: boolean, multiple?: boolean, aliases?: string[] }} Flag
 * @typedef {{ name: string, description?: string, required?: boolean, options?: string[] }} Arg
 * @typedef {{ id: string, summary: string, description?: string, usage?: string, examples?: (string | { command: string })[],
 *   args: Record<string, Arg>, flags: Record<string, Flag>, aliases?: string[] }} Command
 */

/** @returns {Command[]} every command of the built program that help shows, by name */
export function readCommands() {
  const manifest = JSON.parse(readFileSync(join(root, "oclif.manifest.json"), "utf8"));
  const commands = /** @type {(Command & { hidden?: boolean })[]} */ (Object.values(manifest.commands));
  return commands.filter(({ hidden }) => hidden !== true).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** @returns {Record<string, string>} topic → what it is for */
function readTopics() {
  const { oclif } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  /** @type {[string, { description: string }][]} */
  const topics = Object.entries(oclif.topics);
  return Object.fromEntries(topics.map(([name, { description }]) => [name, description]));
}

/** @param {Command} command */
const words = (command) => command.id.replaceAll(":", " ");
/** @param {Command} command */
const topicOf = (command) => (command.id.includes(":") ? (command.id.split(":")[0] ?? "") : "");
/** @param {Command} command @returns {string[]} */
export function examplesOf(command) {
  const texts = (command.examples ?? []).map((example) => (typeof example === "string" ? example : example.command));
  return texts.map((text) => text.replaceAll("<%= config.bin %>", "atoa").replace(/^\$ /, ""));
}

/**
 * The pages of docs/commands/.
 * @param {Command[]} commands
 * @returns {Map<string, string>} file name → text
 */
export function referencePages(commands) {
  const topics = readTopics();
  /** @type {Map<string, string>} */
  const pages = new Map([["README.md", indexPage(commands, topics)]]);
  for (const topic of new Set(commands.map(topicOf))) {
    const own = commands.filter((command) => topicOf(command) === topic);
    const title = topic === "" ? "Login and direct API calls" : `${topic}`;
    const intro = topic === "" ? "Commands without a topic." : `${topics[topic]}.`;
    const text = [`# ${title}`, intro, generated, ...own.map(section)].join("\n\n");
    pages.set(`${topic || "atoa"}.md`, `${text}\n`);
  }
  return pages;
}

const generated = "<!-- Made from the commands by `npm run docs`; changes here are lost. -->";

/** @param {Command[]} commands @param {Record<string, string>} topics */
function indexPage(commands, topics) {
  const names = ["", ...Object.keys(topics)];
  const lists = names.map((topic) => {
    const own = commands.filter((command) => topicOf(command) === topic);
    const rows = own.map((command) => `| [${words(command)}](${link(command)}) | ${cell(command.summary)} |`);
    const heading = topic === "" ? "## Login and direct API calls" : `## ${topic}\n\n${topics[topic]}.`;
    return [heading, ["| command | |", "| --- | --- |", ...rows].join("\n")].join("\n\n");
  });
  const whoami = commands.find(({ id }) => id === "whoami");
  const globals = Object.values(whoami?.flags ?? {}).filter((flag) => flag.helpGroup === "GLOBAL");
  const text = [
    "# Commands",
    generated,
    "Flags are written `--orderId 1`, `--orderId=1` or `--order-id 1`; `--` ends them. Global flags may stand before the command too. " +
      "`atoa <command> --help` prints the same information. Exit codes are listed in [the README](../../README.md#exit-codes).",
    "## Global flags",
    flagTable(globals),
    ...lists,
  ];
  return `${text.join("\n\n")}\n`;
}

/** @param {Command} command */
function link(command) {
  return `${topicOf(command) || "atoa"}.md#${`atoa ${words(command)}`.replaceAll(" ", "-")}`;
}

/** @param {Command} command */
function section(command) {
  const flags = Object.values(command.flags);
  const own = flags.filter((flag) => flag.helpGroup !== "GLOBAL");
  const globals = flags.filter((flag) => flag.helpGroup === "GLOBAL").map((flag) => `\`--${flag.name}\``);
  const args = Object.values(command.args).map(
    (arg) => `| \`${argName(arg)}\` | ${cell([arg.description, oneOf(arg.options)].filter(Boolean).join(" "))} |`,
  );
  const parts = [
    `## atoa ${words(command)}`,
    `${command.summary}.`,
    command.description,
    `\`\`\`text\natoa ${usage(command)}\n\`\`\``,
    args.length === 0 ? undefined : ["| argument | |", "| --- | --- |", ...args].join("\n"),
    own.length === 0 ? undefined : flagTable(own),
    globals.length === 0 ? undefined : `[Global flags](README.md#global-flags): ${globals.join(" ")}`,
    `\`\`\`sh\n${examplesOf(command).join("\n")}\n\`\`\``,
  ];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

/** @param {Command} command */
function usage(command) {
  if (command.usage !== undefined) return command.usage;
  const flags = Object.values(command.flags);
  const required = flags.filter((flag) => flag.required).map((flag) => `${spelled(flag)}`);
  const rest = flags.some((flag) => !flag.required) ? ["[flags]"] : [];
  return [words(command), ...Object.values(command.args).map(argName), ...required, ...rest].join(" ");
}

/** @param {Arg} arg */
const argName = (arg) => (arg.required ? `<${arg.name}>` : `[${arg.name}]`);

/** @param {Flag} flag */
function spelled(flag) {
  if (flag.type === "boolean") return `--${flag.allowNo ? "[no-]" : ""}${flag.name}`;
  const value = flag.helpValue ?? (flag.options === undefined ? "<value>" : "<option>");
  return `--${flag.name} ${value}`;
}

/** @param {Flag[]} flags */
function flagTable(flags) {
  const sorted = [...flags].sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
  const rows = sorted.map((flag) => {
    const names = [flag.char === undefined ? "" : `\`-${flag.char}\` `, `\`${cell(spelled(flag))}\``].join("");
    const facts = [
      flag.summary,
      oneOf(flag.options),
      flag.default === undefined || flag.type === "boolean" ? "" : `Default: \`${flag.default}\`.`,
      flag.required ? "**Required.**" : "",
    ];
    return `| ${names} | ${cell(facts.filter(Boolean).join(" "))} |`;
  });
  return ["| flag | |", "| --- | --- |", ...rows].join("\n");
}

/** @param {string[]} [options] */
function oneOf(options) {
  return options === undefined ? "" : `One of ${options.map((option) => `\`${option}\``).join(", ")}.`;
}

/** @param {string} text */
const cell = (text) => text.replaceAll("|", "\\|");

/** @param {string} folder @param {Map<string, string>} files */
async function replaceFolder(folder, files) {
  await rm(join(root, folder), { recursive: true, force: true });
  await mkdir(join(root, folder), { recursive: true });
  for (const [name, text] of files) await writeFile(join(root, folder, name), text);
  process.stdout.write(`wrote ${folder}, ${files.size} files\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const commands = readCommands();
  await replaceFolder("docs/commands", referencePages(commands));
  await writeFile(join(root, "docs/emulator-api.md"), emulatorApiPage(root));
}
