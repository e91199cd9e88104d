import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { ResourceCommand } from "../../cli/resource-command";
import { verifyDelivery } from "../../cli/webhooks/verify";
import { log } from "../../terminal/terminal";
import { compare, subjectOf } from "../../webhooks/confirmation";

export default class WebhooksVerify extends ResourceCommand {
  static override summary = "Verify a delivery's signature, and find out why it is wrong";
  static override description =
    "Tries the profile's keys, then the others on this machine. Exits with 0 if the delivery is genuine, 1 if it is not, 2 if there is no key to try.";
  static override examples = [
    "<%= config.bin %> webhooks verify --body @body.json --signature v1=889ae865…",
    "<%= config.bin %> webhooks verify --body @body.json --computed 6f12dc1c… --secret @secret.txt",
    "<%= config.bin %> webhooks verify --delivery @line.json --confirm",
  ];

  static override flags = {
    body: Flags.string({ summary: "Raw body of the delivery, before parsing.", helpValue: "<@file|->" }),
    signature: Flags.string({ summary: "Its X-Atoa-Signature header, if it has one." }),
    delivery: Flags.string({
      summary: "Body and header in one: a line from `webhooks listen --output ndjson`.",
      helpValue: "<@line.json|->",
    }),
    orderId: Flags.string({ summary: "The order id in your own records; default: the body's." }),
    computed: Flags.string({ summary: "A signature your own code computed, to explain." }),
    secret: Flags.string({ summary: "Token (v1) or signing secret (v2) to check with.", helpValue: "<@file|->" }),
    confirm: Flags.boolean({ summary: "Check status and amount with the API." }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(WebhooksVerify);
    const { body, verdict } = await verifyDelivery(flags);
    const subject = flags.confirm && !flags.dryRun && verdict.verified ? subjectOf(body) : undefined;
    const agreement = subject === undefined ? undefined : compare(body, await this.#ask(subject));
    await this.print({ ...verdict, ...agreement });
    if (verdict.verified && verdict.scheme === "v1" && agreement === undefined) {
      log("warning: v1 signs only the ids, not status or amount — --confirm checks them with the API");
    }
    if (!verdict.verified || agreement?.confirmed === false) process.exitCode = 1;
  }

  async #ask({ paymentRequestId, refundId }: NonNullable<ReturnType<typeof subjectOf>>): Promise<unknown> {
    const session = this.session();
    const client = await session.connect();
    const { value } =
      refundId === undefined
        ? await client.call(operations.payments.status, { id: paymentRequestId, env: session.target.env.value })
        : await client.call(operations.refunds.list, { paymentRequestId });
    return value;
  }
}
