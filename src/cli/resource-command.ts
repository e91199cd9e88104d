import { Command, type Interfaces } from "@oclif/core";
import type { Method, Operation } from "../api/operations";
import type { RawCall } from "../api/raw-request";
import type { Spelling } from "../api/schemas/fields";
import { AtoaError } from "../errors";
import { printValue } from "../terminal/output";
import { type Definitions, type Fields, globalFlags, inFlags, inputOf, spellingOf, type Values } from "./flags";
import { type CallOptions, columnsFor, type GlobalFlagValues, readShape, Session, type ShapeFlags } from "./session";

/**
 * A command that calls the API. It has the globals and ends with one `this.call(operation, input, options)`: dry run,
 * confirmation, token, sending and printing follow from there, in `Session`.
 */
export abstract class ResourceCommand extends Command {
  static override baseFlags = globalFlags;
  static override strict = true;

  /** What to do about a 404, where there is no id to check. */
  protected readonly ifNotFound: string | undefined = undefined;

  /** What to do about a 400 or 422 that names no flag: where to see the state that forbids it. */
  protected readonly ifRefused: string | undefined = undefined;

  #globals: GlobalFlagValues | undefined;
  #session: Session | undefined;

  /** Remembers the globals for the call. */
  protected override async parse<
    F extends Interfaces.OutputFlags<F>,
    B extends Interfaces.OutputFlags<B>,
    A extends Interfaces.OutputArgs<A>,
  >(options?: Interfaces.Input<F, B, A>, argv?: string[]): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv);
    const globals = parsed.flags as unknown as GlobalFlagValues & ShapeFlags;
    this.#globals = { ...globals, shape: await readShape(globals) };
    return parsed;
  }

  /**
   * Parses argv.
   * @returns flags and arguments by the names that the user types, and as `input` those that fill a field of the
   * operation's input (see `Filling` in flags.ts), by the API's names
   */
  protected async read<Flags extends Definitions, Args extends Definitions>(command: {
    readonly flags: Flags;
    readonly args: Args;
  }): Promise<{
    readonly flags: Values<Flags> & GlobalFlagValues;
    readonly args: Values<Args>;
    readonly input: Fields<Flags> & Fields<Args>;
  }> {
    const { flags, args } = await this.parse();
    const input = { ...(await inputOf(command.flags ?? {}, flags)), ...(await inputOf(command.args ?? {}, args)) };
    // The types say of each flag and argument what its definition says at run time.
    return { flags, args, input } as never;
  }

  /** Sends an operation and prints the response; with `pageAll`, all pages of a list. */
  protected call<Fields>(operation: Operation<Fields>, input: Fields, options?: CallOptions): Promise<void> {
    return this.session().call(operation, input, options);
  }

  /** The same for a path of the user's own. */
  protected callPath(method: Method, path: string, call: RawCall, options?: CallOptions): Promise<void> {
    return this.session().callPath(method, path, call, options);
  }

  /**
   * The session of this run, for a command that has more to do than one call. `read` or `parse` comes first.
   * @param target profile and environment other than the flags say
   */
  protected session(target: Pick<GlobalFlagValues, "profile" | "env"> = {}): Session {
    if (this.#globals === undefined) throw notParsed;
    this.#session = Session.open({ ...this.#globals, ...target }, this.spelling);
    return this.#session;
  }

  /** Prints a value that was computed here, in the format and shape that the flags ask for. */
  protected async print(value: unknown): Promise<void> {
    if (this.#globals === undefined) throw notParsed;
    const { output: format, shape = {} } = this.#globals;
    await printValue(value, { format, query: shape.query, fields: await columnsFor(shape), out: shape.out });
  }

  /** What the user calls the fields of the operation's input, for errors. */
  protected get spelling(): Spelling {
    return spellingOf(this.ctor.flags ?? {}, this.ctor.args ?? {});
  }

  /** The one catch is in main; here an error only learns the command's own advice. */
  protected override async catch(thrown: Error): Promise<never> {
    const error = thrown instanceof AtoaError ? this.#resumable(thrown) : thrown;
    if (error instanceof AtoaError && error.status === 404 && this.ifNotFound !== undefined) {
      throw error.with({ hint: this.ifNotFound });
    }
    if (error instanceof AtoaError && (error.status === 400 || error.status === 422)) {
      const message = inFlags(error.summary, this.spelling);
      const { checkRequest } = await import("../api/response");
      const hint = error.hint === checkRequest ? this.#hintOfRefusal(message) : undefined;
      throw error.with({ message, hint: hint ?? error.hint });
    }
    throw error;
  }

  /** A refusal that names a flag is about what was typed, any other about the state of what the command acts on. */
  #hintOfRefusal(message: string): string | undefined {
    const named = /(?<!\S)(?:--\w+|<\w+>)/.exec(message)?.[0];
    return named === undefined ? this.ifRefused : `correct ${named} and run the command again`;
  }

  /** An error of a write that may have happened, with the command line that repeats it safely. */
  #resumable(error: AtoaError): AtoaError {
    const { outcomeUnknown, idempotencyKey } = error.facts;
    const target = this.#session?.target;
    if (!outcomeUnknown || idempotencyKey === undefined || target === undefined) return error;
    if (!Object.hasOwn(this.ctor.flags ?? {}, "idempotencyKey")) return error;
    const command = (this.id ?? "").split(":");
    const [profile, env] = [target.profile?.value, target.env.value];
    return error.with({ resume: resumeArgv({ command, argv: this.argv, idempotencyKey, profile, env }) });
  }
}

/** The command line that repeats a write of unknown outcome safely. */
interface Written {
  /** Words of the command: ["refunds", "create"]. */
  readonly command: readonly string[];
  /** What stood behind them. */
  readonly argv: readonly string[];
  readonly idempotencyKey: string;
  /** Undefined with ATOA_TOKEN. */
  readonly profile: string | undefined;
  readonly env: string;
}

const fixed = ["--idempotencyKey", "--profile", "--env"];

/**
 * The same command with the key of the first attempt, and with its profile and environment, whatever is active later.
 * @returns null when a part of it came from stdin, which is used up
 */
function resumeArgv({ command, argv, idempotencyKey, profile, env }: Written): readonly string[] | null {
  if (argv.some((word) => word === "-" || word.endsWith("=-"))) return null;
  const end = argv.indexOf("--");
  const flags = end === -1 ? argv : argv.slice(0, end);
  const kept = flags.filter((word) => !fixed.includes(word.split("=", 1)[0] ?? ""));
  const target = [
    `--idempotencyKey=${idempotencyKey}`,
    ...(profile === undefined ? [] : [`--profile=${profile}`]),
    `--env=${env}`,
  ];
  return ["atoa", ...command, ...kept, ...target, ...(end === -1 ? [] : argv.slice(end))];
}

/** A bug in a command: without its flags it is not known whether this is a dry run. */
const notParsed = new AtoaError({
  kind: "failure",
  message: "Internal order: parse() comes before call()",
  hint: "report this as a bug",
});
