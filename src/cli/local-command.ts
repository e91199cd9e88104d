import { Command } from "@oclif/core";
import { log } from "../terminal/terminal";

/** A command about this machine's own profiles, keys and shell. It has a focused set of flags, not the globals. */
export abstract class LocalCommand extends Command {
  protected override async init(): Promise<void> {
    await super.init();
    if ((process.env.ATOA_TOKEN ?? "") !== "" && /^(login|logout|reset|profile)/.test(this.id ?? "")) {
      log("note: ATOA_TOKEN is ignored: this command works on stored keys");
    }
  }
}
