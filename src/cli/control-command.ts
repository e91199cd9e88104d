import { printValue } from "../terminal/output";
import { LocalCommand } from "./local-command";
import { askEmulator, type ControlRequest } from "./running-emulator";

/** A command that asks the emulator that runs for one thing, and prints the answer as JSON. */
export abstract class ControlCommand extends LocalCommand {
  protected async ask(url: string | undefined, request: ControlRequest): Promise<void> {
    await printValue(await askEmulator(url, request), { format: "json" });
  }
}
