import { PlainControlCommand } from "../../../cli/control-command";

export default class EmulatorFaultList extends PlainControlCommand {
  static override summary = "List the running emulator's faults and how often each was hit";
  static override examples = [
    "<%= config.bin %> emulator fault list",
    "<%= config.bin %> emulator fault list --url http://127.0.0.1:4011",
  ];
  protected override readonly request = { method: "GET", path: "/faults" } as const;
}
