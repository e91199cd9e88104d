import type { Command, Interfaces } from "@oclif/core";
import { CommandHelp, Help } from "@oclif/core/help";

/**
 * Help as oclif renders it, but for: a USAGE line with what is required and nothing else, required flags first, no
 * summary twice, long examples on several lines, and no VERSION on the first page.
 */
class AtoaCommandHelp extends CommandHelp {
  protected override defaultUsage(): string {
    const { id, args, flags, strict } = this.command;
    const shownArgs = Object.values(args).filter(({ hidden }) => !hidden);
    const shownFlags = Object.values(flags).filter(({ hidden }) => !hidden);
    const words = [
      id,
      ...shownArgs.map(placeholder),
      ...(strict === false ? ["[…]"] : []),
      ...shownFlags.filter(({ required }) => required).map((flag) => `--${flag.name} ${valuePlaceholder(flag)}`),
      ...(shownFlags.some(({ required }) => !required) ? ["[flags]"] : []),
    ];
    return words.join(" ");
  }

  protected override args(args: Command.Arg.Any[]): [string, string | undefined][] | undefined {
    return super.args(args)?.map(([, description], index) => [placeholder(args[index]), description]);
  }

  protected override flags(flags: Command.Flag.Any[]): [string, string | undefined][] | undefined {
    const sorted = [...flags.filter(({ required }) => required), ...flags.filter(({ required }) => !required)];
    return super
      .flags(sorted)
      ?.map(([flag, text]) => [flag, text?.replace(/<options: (.+)>$/, (_, all) => oneOf(all))]);
  }

  protected override description(): string | undefined {
    return this.command.description && this.wrap(this.command.description);
  }

  protected override examples(examples: Command.Example[] | string | undefined): string | undefined {
    const width = this.opts.maxWidth - this.indentSpacing;
    return super
      .examples(examples)
      ?.split("\n")
      .map((line) => (this.config.windows ? line : broken(line, width)))
      .join("\n");
  }
}

export class AtoaHelp extends Help {
  protected override CommandHelpClass = AtoaCommandHelp;
  readonly #lines: string[] = [];

  constructor(config: Interfaces.Config) {
    super(config, { flagSortOrder: "none" });
  }

  /** The page of the program ([]), of a topic or of a command, as text. */
  async page(words: readonly string[]): Promise<string> {
    await this.showHelp([...words]);
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  override formatRoot(): string {
    const { description = "" } = this.config.pjson;
    const flags: [string, string][] = [
      ["--help", "Show help of the program, a topic or a command."],
      ["--version", "Print the version."],
    ];
    return [
      this.wrap(description, 0),
      this.section("USAGE", `$ ${this.config.bin} <command> [flags]`),
      this.section("FLAGS", flags),
    ].join("\n\n");
  }

  protected override formatTopic({ name, description = "" }: Interfaces.Topic): string {
    const usage = `$ ${this.config.bin} ${name.replaceAll(":", " ")} <command> [flags]`;
    return `${this.wrap(description, 0)}\n\n${this.section("USAGE", usage)}\n`;
  }

  protected override log(...lines: string[]): void {
    this.#lines.push(...lines);
  }
}

function placeholder(arg: Command.Arg.Any | undefined): string {
  return arg?.required ? `<${arg.name}>` : `[${arg?.name}]`;
}

function valuePlaceholder(flag: Command.Flag.Any): string {
  if (flag.type === "boolean") return "";
  const { helpValue = flag.options === undefined ? "<value>" : "<option>" } = flag;
  return [helpValue].flat().join(" ");
}

/** "A|B|C", which breaks anywhere, as words: "One of A, B, C.". */
function oneOf(options: string): string {
  return `One of ${options.replaceAll("|", ", ")}.`;
}

/** A command that is too long for the line, continued before its flags, so that it can still be pasted into a shell. */
function broken(line: string, width: number): string {
  if (line.length <= width || !line.startsWith("$ ")) return line;
  const parts = line.split(/ (?=-)/);
  const lines = [parts.shift() ?? ""];
  for (const part of parts) {
    const last = lines.at(-1) ?? "";
    if (last.length + part.length + 3 <= width) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(`    ${part}`);
  }
  return lines.join(" \\\n");
}
