import { printValue } from "../terminal/output";
import { say } from "../terminal/terminal";

/** How an admin command tells what it did, or what it would do. */
export async function tell(
  change: { readonly notices?: readonly string[] } & object,
  done: string,
  dryRun: boolean | undefined,
): Promise<void> {
  const { notices = [], ...facts } = change;
  if (dryRun) {
    await printValue(facts, { format: "json" });
    say("Dry run: nothing was changed.");
    return;
  }
  for (const notice of notices) say(notice);
  say(`✓ ${done}`);
}
