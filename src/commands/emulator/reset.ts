import { PlainControlCommand } from "../../cli/control-command";

export default class EmulatorReset extends PlainControlCommand {
  static override summary = "Reset the running emulator to its initial state";
  static override examples = [
    "<%= config.bin %> emulator reset",
    "<%= config.bin %> emulator reset --url http://127.0.0.1:4011",
  ];
  protected override readonly request = { method: "POST", path: "/reset" } as const;
}
