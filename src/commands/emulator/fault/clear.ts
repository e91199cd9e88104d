import { PlainControlCommand } from "../../../cli/control-command";

export default class EmulatorFaultClear extends PlainControlCommand {
  static override summary = "Remove all faults from the running emulator";
  static override examples = [
    "<%= config.bin %> emulator fault clear",
    "<%= config.bin %> emulator fault clear --url http://127.0.0.1:4011",
  ];
  protected override readonly request = { method: "DELETE", path: "/faults" } as const;
}
