import { Flags } from "@oclif/core";
import { ResourceCommand } from "../../cli/resource-command";
import { checkReceiver, codeOfFindings } from "../../cli/webhooks/check";
import { entries } from "../../cli/webhooks/input";

export default class WebhooksCheck extends ResourceCommand {
  static override summary = "Attack your own receiver and report what it lets through";
  static override description =
    "Sends genuine, forged, repeated, huge and slow deliveries. Genuine ones must get a 200, forged ones must be rejected, and nothing may cause a 5xx or a hang. Exits with 0 if all is well, 1 if there are findings, 6 if nothing is listening.";
  static override examples = [
    "<%= config.bin %> webhooks check --to 3000",
    "<%= config.bin %> webhooks check --to http://localhost:3000/webhooks --secret @secret.txt --output json",
  ];

  static override flags = {
    to: Flags.string({ summary: "Your receiver.", helpValue: "<url|port>", required: true }),
    scheme: Flags.option({ options: ["v1", "v2"] as const })({
      summary: "How to sign; default: v2 with a signing secret, otherwise v1.",
    }),
    secret: Flags.string({
      summary: "Token or signing secret that your receiver uses; default: the profile's.",
      helpValue: "<@file|->",
    }),
    orderId: Flags.string({ summary: "An order that your receiver knows; default: generated." }),
    only: Flags.string({ summary: "Attacks to try; default: all.", helpValue: "<a,b,…>" }),
    anywhere: Flags.boolean({ summary: "Allow a receiver on another machine." }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(WebhooksCheck);
    const findings = await checkReceiver({ ...flags, only: entries(flags.only) });
    await this.print(findings);
    process.exitCode = codeOfFindings(findings);
  }
}
