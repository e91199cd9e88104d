import { Command } from "@oclif/core";
import { AtoaError } from "../errors";
import { inTermsOfFlags } from "./field-names";
import { globalFlags } from "./flags";
import { type GlobalFlagValues, Session, type SessionOptions } from "./session";

/** A command that calls the API: it has the six globals and opens a session with them. */
export abstract class ResourceCommand extends Command {
  static override baseFlags = globalFlags;
  static override strict = true;

  /** API field → flag or <argument>, where the command calls it otherwise. */
  protected readonly renamed: Readonly<Record<string, string>> = {};

  /** What stands before an API field that is no flag of the command. */
  protected readonly strangers: string = "--";

  /** What to do about a 404, where there is no id to check. */
  protected readonly ifNotFound: string | undefined = undefined;

  protected session(flags: GlobalFlagValues, options?: SessionOptions): Promise<Session> {
    return Session.open(flags, options);
  }

  /** The one catch is in main; here an error only learns the command's own words. */
  protected override async catch(error: Error): Promise<never> {
    const own = Object.keys(this.ctor.args ?? {}).map((name) => [name, `<${name}>`] as const);
    if (error instanceof AtoaError && error.status === 404 && this.ifNotFound !== undefined) {
      throw error.with({ hint: this.ifNotFound });
    }
    throw inTermsOfFlags(
      error,
      { ...Object.fromEntries(own), ...this.renamed },
      Object.keys(this.ctor.flags ?? {}),
      this.strangers,
    );
  }
}
