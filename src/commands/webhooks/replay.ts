import { Args, Flags } from "@oclif/core";
import { ResourceCommand } from "../../cli/resource-command";
import { codeOf, replayDeliveries } from "../../cli/webhooks/replay";
import { printValue } from "../../terminal/output";

export default class WebhooksReplay extends ResourceCommand {
  static override summary = "Send deliveries from the journal to your app again";
  static override description =
    "The stored bytes with the stored signature: neither scheme has a clock, so they verify again. They go where `webhooks listen` forwarded them, or to --to.";
  static override usage = "webhooks replay [<id>…] [--last [n]] [--since 10m] [--body @file] [--to <url|port>]";
  static override examples = [
    "<%= config.bin %> webhooks replay --last",
    "<%= config.bin %> webhooks replay --since 10m --to 3000 --shuffle",
    "<%= config.bin %> webhooks replay --body @body.json --signature v1=889ae865… --to 3000 --times 2",
  ];
  static override strict = false;

  static override args = { id: Args.string({ description: "Ids of deliveries.", ignoreStdin: true }) };

  static override flags = {
    last: Flags.boolean({ summary: "The newest delivery, or the newest n: --last 3." }),
    since: Flags.string({ summary: "Those of the last minutes or hours.", helpValue: "<10m|2h>" }),
    body: Flags.string({ summary: "Raw body to send instead of stored deliveries.", helpValue: "<@file|->" }),
    signature: Flags.string({ summary: "X-Atoa-Signature header to send with --body." }),
    to: Flags.string({ summary: "Receiver; default: where the delivery was forwarded.", helpValue: "<url|port>" }),
    times: Flags.integer({ summary: "Send each so many times.", min: 1, default: 1 }),
    shuffle: Flags.boolean({ summary: "Send in any order." }),
    journal: Flags.string({ summary: "Journal to read; default: that of `webhooks listen`.", helpValue: "<file>" }),
    anywhere: Flags.boolean({ summary: "Allow a receiver on another machine." }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(WebhooksReplay);
    const outcomes = await replayDeliveries({ ...flags, ids: argv.map(String) });
    await printValue(outcomes, { format: flags.output });
    process.exitCode = codeOf(outcomes.flatMap((one) => ("ms" in one ? [one] : [])));
  }
}
