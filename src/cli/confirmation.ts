import { AtoaError } from "../errors";
import { sanitise, truncate } from "../text";

export interface Consent {
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/**
 * Asks before something that cannot be taken back. A dry run and --yes are not asked; without a terminal nobody is,
 * and nothing happens.
 * @param action what will happen, to what, where: "Cancel payment pr_1 (profile acme, sandbox)"
 * @throws AtoaError kind usage without a terminal, aborted on no, interrupted on Ctrl-C
 */
export async function confirm(action: string, consent: Consent): Promise<void> {
  if (consent.yes || consent.dryRun) return;
  const { askConfirmation, requireTerminal } = await import("../terminal/prompt");
  requireTerminal(
    `--yes is needed to ${midSentence(action)}`,
    "add --yes, or --dryRun to see what would happen",
    "NEEDS_CONFIRMATION",
  );
  // Ids come from argv: none may pose as a question of its own.
  if (await askConfirmation(`${truncate(sanitise(action), 300)}?`)) return;
  throw new AtoaError({ kind: "aborted", message: "Aborted.", hint: "" });
}

/** "Cancel payment" → "cancel payment"; "DELETE /path" stays. */
function midSentence(action: string): string {
  return /^[A-Z][a-z]/.test(action) ? action.charAt(0).toLowerCase() + action.slice(1) : action;
}
