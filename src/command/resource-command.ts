import { Command } from "@oclif/core";
import { inTermsOfFlags } from "./field-names";
import { globalFlags } from "./flags";
import { type GlobalFlagValues, Session, type SessionOptions } from "./session";

/** A command that calls the API: it has the six globals and opens a session with them. */
export abstract class ResourceCommand extends Command {
  static override baseFlags = globalFlags;
  static override strict = true;

  /** API field → flag or <argument>, where the command calls it otherwise. */
  protected readonly renamed: Readonly<Record<string, string>> = {};

  protected session(flags: GlobalFlagValues, options?: SessionOptions): Promise<Session> {
    return Session.open(flags, options);
  }

  /** The one catch is in main; here an error only learns the command's own words. */
  protected override async catch(error: Error): Promise<never> {
    const own = Object.keys(this.ctor.args ?? {}).map((name) => [name, `<${name}>`] as const);
    throw inTermsOfFlags(error, { ...Object.fromEntries(own), ...this.renamed }, Object.keys(this.ctor.flags ?? {}));
  }
}
