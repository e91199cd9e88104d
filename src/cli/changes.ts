import { AtoaError } from "../errors";
import { printValue } from "../terminal/output";
import { log } from "../terminal/terminal";

export interface Change {
  /** A line for each token that could not be removed. */
  readonly notices?: readonly string[];
}

/**
 * How an admin command reports what it did, or what it would do.
 * @throws AtoaError (failure) after saying so, when a token may be left somewhere
 */
export async function reportChange(change: Change & object, done: string, dryRun: boolean | undefined): Promise<void> {
  const { notices = [], ...facts } = change;
  if (dryRun) {
    await printValue(facts, { format: "json" });
    log("Dry run: nothing was changed.");
    return;
  }
  for (const notice of notices) log(`warning: ${notice}`);
  if (notices.length === 0) return log(`✓ ${done}`);
  throw new AtoaError({
    kind: "failure",
    message: `${done}, but a token may still be in the system keychain`,
    hint: "remove the tokens named above with your system's keychain app",
  });
}
