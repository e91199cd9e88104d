import Script from "@oclif/plugin-autocomplete/commands/script";

// As in ./index.
Object.assign(Script.args.shell as object, { ignoreStdin: true });

/** Prints the line that loads those files; what `autocomplete` tells people to put into .bashrc. */
export default class AutocompleteScript extends Script {
  static override hidden = true;
  static override summary = "Print the line that loads oclif's completion files";
}
