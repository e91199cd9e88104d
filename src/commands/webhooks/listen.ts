import { Flags } from "@oclif/core";
import { webhookEvents } from "../../api/values";
import { portNumber } from "../../cli/flags";
import { ResourceCommand } from "../../cli/resource-command";
import { parseEvents, parsePublicUrl, parseSpan } from "../../cli/webhooks/input";
import { listen } from "../../cli/webhooks/listen";
import { parseTarget } from "../../webhooks/target";

export default class WebhooksListen extends ResourceCommand {
  static override summary = "Receive deliveries on this machine and forward them to your app";
  static override description =
    "Registers itself with a running emulator, or at --publicUrl, until it exits. Each delivery is verified, saved in a journal and forwarded unchanged; your app's response is passed back.";
  static override examples = [
    "<%= config.bin %> webhooks listen --forward 3000",
    "<%= config.bin %> webhooks listen --forward http://localhost:3000/hooks --forward REFUND_STATUS=4000",
    "<%= config.bin %> webhooks listen --count 1 --timeout 60s --output ndjson",
  ];

  static override flags = {
    forward: Flags.string({
      summary: "Your app, for all events or one. Repeatable.",
      helpValue: "<[EVENT=]url|port>",
      multiple: true,
      multipleNonGreedy: true,
    }),
    event: Flags.string({ summary: "Events; default: all but POS_PAYMENT_STATUS.", helpValue: "<a,b,…>" }),
    port: portNumber({ summary: "Port; 0 picks a free one.", default: 4020 }),
    publicUrl: Flags.string({ summary: "HTTPS URL of your own tunnel.", helpValue: "<url>" }),
    count: Flags.integer({ summary: "Exit after this many deliveries.", min: 1 }),
    timeout: Flags.string({ summary: "Exit after this time.", helpValue: "<60s|5m>" }),
    onlyGenuine: Flags.boolean({ summary: "Reject forged deliveries with 401." }),
    journal: Flags.string({
      summary: "File to save deliveries in.",
      helpValue: "<file>",
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(WebhooksListen);
    process.exitCode = await listen({
      ...flags,
      targets: (flags.forward ?? []).map((text) => parseTarget(text, "forward", webhookEvents)),
      events: parseEvents(flags.event),
      publicUrl: parsePublicUrl(flags.publicUrl),
      timeoutMs: flags.timeout === undefined ? undefined : parseSpan(flags.timeout, "timeout"),
      ndjson: flags.output === "ndjson",
    });
  }
}
