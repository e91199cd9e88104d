import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Case, refused } from "./case";

/** The table of refusals.txt; see there. */
export const refusals: readonly Case[] = readRefusals(readFileSync(join(import.meta.dirname, "refusals.txt"), "utf8"));

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
