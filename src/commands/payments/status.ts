import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import type { ApiResponse } from "../../api/transport";
import { id } from "../../cli/flags";
import { pollStatus } from "../../cli/poll";
import { ResourceCommand } from "../../cli/resource-command";

export default class PaymentsStatus extends ResourceCommand {
  static override summary = "Show a payment request, or wait until it is decided";
  static override description =
    "With --poll it ends with 0 once the payment is decided, either way, and with 1 if it is still open.";
  static override examples = [
    "<%= config.bin %> payments status pr_abc123",
    "<%= config.bin %> payments status pr_abc123 --poll",
  ];
  static override args = { id: id("Payment request id.") };
  static override flags = {
    poll: Flags.boolean({ summary: "Ask again until the status is final, for at most three minutes." }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PaymentsStatus);
    const session = this.session();
    const report = (text: string) => session.progress(text);
    const repeat = flags.poll ? (send: () => Promise<ApiResponse>) => pollStatus(send, report) : undefined;
    await session.call(operations.payments.status, { id: args.id, env: session.target.env.value }, { repeat });
  }
}
