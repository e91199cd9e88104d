import Create from "@oclif/plugin-autocomplete/commands/create";

/** Writes the files that `autocomplete` sets up; oclif's own name for it. */
export default class AutocompleteCreate extends Create {
  static override hidden = true;
  static override summary = "Regenerate oclif's completion files";
}
