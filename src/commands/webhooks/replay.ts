import { Args, Flags } from "@oclif/core";
import { ResourceCommand } from "../../cli/resource-command";
import { codeOf, replayDeliveries } from "../../cli/webhooks/replay";

export default class WebhooksReplay extends ResourceCommand {
  static override summary = "Resend deliveries from the journal to your app";
  static override description =
    "Sends the stored bytes and signatures, which still verify: neither scheme signs a timestamp. They go where `webhooks listen` forwarded them, or to --to.";
  static override usage = "webhooks replay [<id>…] [--last [n]] [--since 10m] [--body @file] [--to <url|port>]";
  static override examples = [
    "<%= config.bin %> webhooks replay --last",
    "<%= config.bin %> webhooks replay --since 10m --to 3000 --shuffle",
  ];
  static override strict = false;

  static override args = { id: Args.string({ description: "Delivery ids.", ignoreStdin: true }) };

  static override flags = {
    last: Flags.boolean({ summary: "The latest delivery, or the latest n: --last 3." }),
    since: Flags.string({ summary: "Deliveries of the last minutes or hours.", helpValue: "<10m|2h>" }),
    body: Flags.string({ summary: "Raw body to send instead.", helpValue: "<@file|->" }),
    signature: Flags.string({ summary: "X-Atoa-Signature to send with --body." }),
    to: Flags.string({ summary: "Receiver; default: where it was forwarded.", helpValue: "<url|port>" }),
    times: Flags.integer({ summary: "How many times to send each.", min: 1, default: 1 }),
    shuffle: Flags.boolean({ summary: "Send in random order." }),
    journal: Flags.string({ summary: "Journal; default: that of listen.", helpValue: "<file>" }),
    anywhere: Flags.boolean({ summary: "Allow a receiver on another machine." }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(WebhooksReplay);
    const outcomes = await replayDeliveries({ ...flags, ids: argv.map(String) });
    await this.print(outcomes);
    process.exitCode = codeOf(outcomes.flatMap((one) => ("ms" in one ? [one] : [])));
  }
}
