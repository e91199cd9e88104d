import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import type { ApiResponse } from "../../api/transport";
import { id } from "../../cli/flags";
import { pollStatus, readStatuses, readTimeout } from "../../cli/poll";
import { ResourceCommand } from "../../cli/resource-command";
import type { AtoaError } from "../../errors";

export default class PaymentsStatus extends ResourceCommand {
  static override summary = "Show a payment request, or wait for its outcome";
  static override description =
    "With --poll, exits with 0 once the status is final, whatever it is, and with 1 if the payment is still open. " +
    "With --until, exits with 0 only if the payment reaches one of these statuses.";
  static override examples = [
    "<%= config.bin %> payments status pr_abc123",
    "<%= config.bin %> payments status pr_abc123 --poll",
    "<%= config.bin %> payments status pr_abc123 --until COMPLETED --timeout 10m",
  ];
  static override args = { id: id("Payment request id.") };
  static override flags = {
    poll: Flags.boolean({ summary: "Poll until the status is final, for up to three minutes." }),
    until: Flags.custom<readonly string[]>({
      summary: "Poll until one of these statuses; exit with 1 on any other final one.",
      helpValue: "<STATUS,…>",
      parse: async (text) => readStatuses(text),
    })(),
    timeout: Flags.custom<number>({
      summary: "How long to poll, such as 30s or 5m.",
      helpValue: "<time>",
      parse: async (text) => readTimeout(text),
    })(),
  };

  async run(): Promise<void> {
    const { flags, input } = await this.read(PaymentsStatus);
    const session = this.session();
    let unmet: AtoaError | undefined;
    const poll = async (send: () => Promise<ApiResponse>) => {
      const end = await pollStatus(send, (text) => session.progress(text), {
        until: flags.until,
        limit: flags.timeout,
      });
      unmet = end.unmet;
      return end.response;
    };
    const sendWith = flags.poll || flags.until !== undefined || flags.timeout !== undefined ? poll : undefined;
    await session.call(operations.payments.status, { ...input, env: session.target.env.value }, { sendWith });
    // The last response is printed all the same: a script may look at it.
    if (unmet !== undefined) throw unmet;
  }
}
