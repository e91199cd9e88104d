import { Flags } from "@oclif/core";
import { operations } from "../../api/operations";
import { paymentMethodKinds, testWebhookStatuses, testWebhookTypes, webhookEvents } from "../../api/values";
import { argument, json, text } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { codeOf } from "../../cli/webhooks/replay";
import { isMadeHere, triggerHere } from "../../cli/webhooks/trigger";
import { log } from "../../terminal/terminal";

export default class WebhooksTrigger extends ResourceCommand {
  static override summary = "Send a test event to your registered sandbox webhook";
  static override examples = [
    "<%= config.bin %> webhooks trigger PAYMENTS_STATUS --status FAILED",
    "<%= config.bin %> webhooks trigger PAYMENTS_STATUS --to 3000 --set status=PENDING",
  ];

  static override args = {
    event: argument({ description: "Kind of event.", field: "eventType", values: webhookEvents }),
  };

  static override flags = {
    orderId: text({ summary: "orderId of the event; default: generated." }),
    amount: text({ summary: "paidAmount of the event, in pounds.", helpValue: "<pounds>" }),
    paymentMethod: text({ summary: "How it was paid.", values: paymentMethodKinds }),
    status: text({ summary: "Its status.", values: testWebhookStatuses }),
    type: text({ summary: "Body of a POS event.", values: testWebhookTypes }),
    customFields: json({ summary: "[{value, fieldName}] of a POS event." }),
    to: Flags.string({ summary: "Sign it here and send it to this URL only.", helpValue: "<url|port>" }),
    set: Flags.string({
      summary: "With --to: set a field. Repeatable.",
      helpValue: "<path=value>",
      multiple: true,
      multipleNonGreedy: true,
    }),
    scheme: Flags.option({ options: ["v1", "v2"] as const })({ summary: "With --to: signature scheme." }),
    secret: Flags.string({ summary: "With --to: the secret to sign with.", helpValue: "<@file|->" }),
    print: Flags.boolean({ summary: "Print body and signature; send nothing." }),
    anywhere: Flags.boolean({ summary: "With --to: allow a URL on another machine." }),
  };

  protected override readonly ifNotFound = "register a sandbox URL for this event first, with `atoa webhooks create`";

  async run(): Promise<void> {
    const { flags, input } = await this.read(WebhooksTrigger);
    if (isMadeHere(flags)) {
      const triggered = await triggerHere(input, flags, this.spelling);
      await this.print(triggered);
      process.exitCode = triggered.status === undefined ? 0 : codeOf([{ status: triggered.status }]);
      return;
    }
    if (flags.env === "production") log("note: test events exist in the sandbox only; the sandbox key is used");
    await this.session({ env: "sandbox" }).call(operations.webhooks.trigger, input);
  }
}
