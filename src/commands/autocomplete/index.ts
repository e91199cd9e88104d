import Index from "@oclif/plugin-autocomplete/commands/index";
import { log } from "../../terminal/terminal";

// The plugin parses by its own class. What is piped in is no name of a shell.
Object.assign(Index.args.shell as object, { ignoreStdin: true });

/**
 * `autocomplete` for those who know it from other programs made with oclif. It is the plugin's own command, taken in as a
 * command of this program: a plugin would be looked for and loaded at every start. Its scripts know commands and flags
 * as they are when it runs; names and ids of this machine only come from `atoa completion`.
 */
export default class Autocomplete extends Index {
  static override hidden = true;
  static override summary = "Set up oclif's own completion; `completion` also completes profiles and keys";
  static override description =
    "Writes oclif's completion files to the cache directory and prints how to load them. They cover the commands and flags of this version; `atoa completion` keeps up with updates and also completes names and values.";

  override async run(): Promise<void> {
    await super.run();
    log("Note: `atoa completion` also completes profile names, key ids and values; use one of the two.");
  }
}
