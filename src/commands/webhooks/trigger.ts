import { Args, Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import {
  matchingValue,
  paymentMethodKinds,
  testWebhookStatuses,
  testWebhookTypes,
  webhookEvents,
} from "../../api/values";
import { customFields as customFieldsFlag, pounds } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { say } from "../../terminal/terminal";

export default class WebhooksTrigger extends ResourceCommand {
  static override summary = "Send a test event to your registered sandbox webhook";
  static override description =
    "Same body and signature as a real event, and no payment is needed. Always acts with the sandbox key, whatever --env says.";
  static override examples = [
    "<%= config.bin %> webhooks trigger PAYMENTS_STATUS --status FAILED",
    `<%= config.bin %> webhooks trigger POS_PAYMENT_STATUS --type PAYMENTS_STATUS --customFields '[{"value":"CUST_001","fieldName":"Customer ID"}]'`,
  ];

  static override args = {
    event: Args.string({
      description: "Kind of event.",
      required: true,
      ignoreStdin: true,
      options: [...webhookEvents],
    }),
  };

  static override flags = {
    orderId: Flags.string({ summary: "orderId of the event; default: made up." }),
    amount: pounds({ summary: "paidAmount of the event, in pounds.", min: 0 })(),
    paymentMethod: Flags.option({ options: paymentMethodKinds })({ summary: "How it was paid." }),
    status: Flags.option({ options: testWebhookStatuses })({
      summary: "Status of the event; AUTHORIZED only with CARD.",
    }),
    type: Flags.option({ options: testWebhookTypes })({ summary: "Body of a POS_PAYMENT_STATUS event." }),
    customFields: customFieldsFlag({ summary: "[{value, fieldName}] of POS_PAYMENT_STATUS." }),
  };

  protected override readonly renamed = { eventType: "<event>" };
  protected override readonly ifNotFound = "register a sandbox URL for this event first, with `atoa webhooks create`";

  async run(): Promise<void> {
    const { args, flags } = await this.parse(WebhooksTrigger);
    if (flags.env === "production") say("note: test events exist in the sandbox only; the sandbox key is used");
    const { orderId, amount, paymentMethod, status, type, customFields } = flags;
    const eventType = matchingValue(webhookEvents, args.event) ?? "PAYMENTS_STATUS";
    const event = { eventType, orderId, amount, paymentMethod, status, type, customFields };
    await this.session({ env: "sandbox" }).call(operations.webhooks.trigger, event);
  }
}
