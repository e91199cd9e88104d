/** The commands of the plugin, which it does not export; build/bundle.mjs knows their files. */
declare module "@oclif/plugin-autocomplete/commands/index" {
  import { Command } from "@oclif/core";

  export default class Index extends Command {
    run(): Promise<void>;
  }
}

declare module "@oclif/plugin-autocomplete/commands/create" {
  export { default } from "@oclif/plugin-autocomplete/commands/index";
}

declare module "@oclif/plugin-autocomplete/commands/script" {
  export { default } from "@oclif/plugin-autocomplete/commands/index";
}
