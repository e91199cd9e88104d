import type { Command, Interfaces } from "@oclif/core";
import { CommandHelp, Help } from "@oclif/core/help";

/**
 * Help as oclif renders it, but for: a first page that begins somewhere, a USAGE line with what is required and nothing
 * else, required flags first, examples before the global flags, those on one line each, and no summary twice.
 */

/** The first page: what people do → the topics and commands for it, in words short enough for one line. */
const groups: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Payments: { payments: "Create, track and list payments", refunds: "Refund payments" },
  "Customers & cards": {
    customers: "Manage customers",
    "payment-methods": "Manage a customer's saved cards",
    "card-on-file": "Charge, capture or release a saved card",
  },
  "Money out": { payouts: "List and reconcile payouts" },
  Webhooks: { webhooks: "Receive, verify and manage webhooks" },
  "Bank data": { "bank-feed": "Read linked bank accounts", institutions: "List the banks a customer can pay from" },
  "Account & profiles": {
    login: "Store a token and start using it",
    logout: "Remove a token and optionally revoke it",
    whoami: "Show which profile and token are in use",
    profile: "Switch between businesses",
    keys: "Rotate or revoke an API key",
    stores: "List your stores",
    reset: "Remove everything from this machine",
  },
  Tools: {
    emulator: "Run a local Atoa API for tests",
    get: "Send a GET request to any API path",
    post: "Send a POST request to any API path",
    delete: "Send a DELETE request to any API path",
    completion: "Set up shell completion",
  },
};

const firstSteps: readonly [command: string, text: string][] = [
  ["login", "Pair this device with your Atoa account"],
  ["payments create", "Take a payment: prints the URL where your customer pays"],
  ["payments status", "Check its status; --poll waits for the outcome"],
  ["emulator exec", "Try it all offline, without an account"],
];

const firstExamples = [
  "login --env sandbox",
  "payments create --amount 25.00 --orderId order-001",
  "emulator exec -- atoa payments create --amount 25 --orderId order-001",
];

type Section = ReturnType<CommandHelp["sections"]>[number];

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

  /** oclif's sections with the global flags at the end, below the examples. */
  protected override sections(): Section[] {
    const own = super.sections().map((section): Section => {
      if (section.header !== "FLAGS") return section;
      return {
        header: "FLAGS",
        generate: ({ flags }, header) => [{ header, body: this.flags(flags.filter((flag) => !isGlobal(flag))) }],
      };
    });
    return [
      ...own,
      {
        header: "GLOBAL FLAGS",
        generate: ({ flags }, header) => [{ header, body: this.#globals(flags.filter(isGlobal)) }],
      },
    ];
  }

  #globals(flags: Command.Flag.Any[]): [string, string][] | undefined {
    if (flags.length === 0) return undefined;
    return flags.map((flag) => [this.flagHelpLabel(flag).trim(), flag.summary ?? ""]);
  }

  protected override flags(flags: Command.Flag.Any[]): [string, string | undefined][] | undefined {
    const sorted = [...flags.filter(({ required }) => required), ...flags.filter(({ required }) => !required)];
    return super
      .flags(sorted)
      ?.map(([flag, text]) => [flag, text?.replace(/\s*<options: (.+)>$/, (_, all) => ` ${oneOf(all)}`)]);
  }

  protected override description(): string | undefined {
    return this.command.description && this.wrap(this.command.description);
  }

  protected override examples(examples: Command.Example[] | string | undefined): string | undefined {
    const width = this.opts.maxWidth - this.indentSpacing;
    return super
      .examples(examples)
      ?.split("\n")
      .filter((line) => line !== "")
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
    const { bin, pjson } = this.config;
    const examples = firstExamples.map((line) => `$ ${bin} ${line}`).join("\n");
    const topics = Object.entries(groups).flatMap(([title, entries]) =>
      Object.entries(entries).map(([name, text], index) => [index === 0 ? title : "", name, text]),
    );
    const more = [
      [`${bin} <command> --help`, "flags and examples for a topic or command"],
      [pjson.homepage ?? "", "API documentation; `atoa --version` prints the version"],
    ];
    return [
      this.wrap(pjson.description ?? "", 0),
      this.section("GET STARTED", `${columns(firstSteps)}\n\n${examples}`),
      this.section("COMMANDS", columns(topics)),
      this.section("LEARN MORE", columns(more)),
    ].join("\n\n");
  }

  /** The first page lists topics and commands itself. */
  protected override async showRootHelp(): Promise<void> {
    this.log(this.formatRoot());
  }

  protected override formatTopic({ name, description = "" }: Interfaces.Topic): string {
    const usage = `$ ${this.config.bin} ${name.replaceAll(":", " ")} <command> [flags]`;
    return `${this.wrap(description, 0)}\n\n${this.section("USAGE", usage)}\n`;
  }

  protected override log(...lines: string[]): void {
    this.#lines.push(...lines);
  }
}

/** Rows of texts, each column as wide as its longest text. */
function columns(rows: readonly (readonly string[])[]): string {
  const width = (index: number) => Math.max(...rows.map((row) => (row[index] ?? "").length));
  return rows
    .map((row) =>
      row
        .map((text, index) => text.padEnd(width(index)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function isGlobal({ helpGroup }: Command.Flag.Any): boolean {
  return helpGroup === "GLOBAL";
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
