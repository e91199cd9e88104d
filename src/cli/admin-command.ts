import { Command } from "@oclif/core";
import { toFlagNames } from "./field-names";

/** A command about this machine's own profiles, keys and shell. It has a focused set of flags, not the globals. */
export abstract class AdminCommand extends Command {
  protected override async catch(error: Error): Promise<never> {
    throw toFlagNames(error, {});
  }
}
