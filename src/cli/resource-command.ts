import { Command, type Interfaces } from "@oclif/core";
import type { Method, Operation } from "../api/operations";
import type { RawCall } from "../api/request";
import { AtoaError } from "../errors";
import { toFlagNames } from "./field-names";
import { globalFlags } from "./flags";
import { type CallOptions, type GlobalFlagValues, Session } from "./session";
import { readShape, type ShapeFlags } from "./shape";

/**
 * A command that calls the API. It has the six globals and ends with one `this.call(operation, input, options)`: dry run,
 * confirmation, token, sending and printing follow from there, in `Session`.
 */
export abstract class ResourceCommand extends Command {
  static override baseFlags = globalFlags;
  static override strict = true;

  /** API field → flag or <argument>, where the command calls it otherwise. */
  protected readonly renamed: Readonly<Record<string, string>> = {};

  /** Prefix for API fields that are not flags (`-d ` for get and post). */
  protected readonly unknownFieldPrefix: string = "--";

  /** What to do about a 404, where there is no id to check. */
  protected readonly ifNotFound: string | undefined = undefined;

  #globals: GlobalFlagValues | undefined;

  /** Parses argv once, and remembers the six globals for the call. */
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

  /** Sends an operation and prints the response; with `pageAll`, all pages of a list. */
  protected call<Fields>(operation: Operation<Fields>, input: Fields, options?: CallOptions): Promise<void> {
    return this.session().call(operation, input, options);
  }

  /** The same for a path of the user's own. */
  protected callPath(method: Method, path: string, call: RawCall, options?: CallOptions): Promise<void> {
    return this.session().callPath(method, path, call, options);
  }

  /**
   * The session of this run, for a command that has more to do than one call. `parse` comes first.
   * @param target profile and environment other than the flags say
   */
  protected session(target: Pick<GlobalFlagValues, "profile" | "env"> = {}): Session {
    if (this.#globals === undefined) throw notParsed;
    return Session.open({ ...this.#globals, ...target });
  }

  /** The one catch is in main; here an error only learns the command's own words. */
  protected override async catch(error: Error): Promise<never> {
    const own = Object.keys(this.ctor.args ?? {}).map((name) => [name, `<${name}>`] as const);
    if (error instanceof AtoaError && error.status === 404 && this.ifNotFound !== undefined) {
      throw error.with({ hint: this.ifNotFound });
    }
    throw toFlagNames(
      error,
      { ...Object.fromEntries(own), ...this.renamed },
      Object.keys(this.ctor.flags ?? {}),
      this.unknownFieldPrefix,
    );
  }
}

/** A mistake in a command, not of its user: without flags nobody knows whether this is a dry run. */
const notParsed = new AtoaError({
  kind: "failure",
  message: "parse() comes before call()",
  hint: "report this as a bug",
});
