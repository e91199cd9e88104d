import { printValue } from "../terminal/output";
import { LocalCommand } from "./local-command";
import { askEmulator, type ControlRequest, urlFlag } from "./running-emulator";

/** A command that asks the emulator that runs for one thing, and prints the answer as JSON. */
export abstract class ControlCommand extends LocalCommand {
  protected async ask(url: string | undefined, request: ControlRequest): Promise<void> {
    await printValue(await askEmulator(url, request), { format: "json" });
  }
}

/** One that asks for the same thing each time. */
export abstract class PlainControlCommand extends ControlCommand {
  static override flags = urlFlag;
  protected abstract readonly request: ControlRequest;

  async run(): Promise<void> {
    const { flags } = await this.parse(this.ctor as typeof PlainControlCommand);
    await this.ask(flags.url, this.request);
  }
}
