import { readFileSync } from "node:fs";
import { join } from "node:path";
import { amountHint, badAmounts } from "../../money";
import { type Case, refused } from "./case";

/** The table of refusals.txt, see there, and that of amounts. */
export const refusals: readonly Case[] = [
  ...readRefusals(readFileSync(join(import.meta.dirname, "refusals.txt"), "utf8")),
  ...badAmounts.map(([typed, sentence]) =>
    refused(`payments create --orderId o-1 --amount='${typed}'`, `--amount ${sentence} — ${amountHint(sentence)}`),
  ),
];

function readRefusals(text: string): Case[] {
  const cases: Case[] = [];
  let typed: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("$ ")) typed.push(line.slice(2));
    else if (line.startsWith("  ")) {
      cases.push(...typed.map((one) => refused(one, line.slice(2))));
      typed = [];
    } else if (line !== "" && !line.startsWith("# ")) throw new Error(`cannot read ${JSON.stringify(line)}`);
  }
  return cases;
}
