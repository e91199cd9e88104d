import { exitCodes, interrupted, usageError } from "../errors";
import { canAsk } from "./terminal";

/** The one module that asks. Questions appear on stderr; without a terminal nothing is ever asked. */

/** Yes or no, default no. */
export async function askConfirmation(question: string): Promise<boolean> {
  const { confirm } = await import("./questions");
  return answered(confirm({ message: question, default: false }, context()));
}

/** A secret, shown as asterisks while it is typed. */
export async function askSecret(question: string): Promise<string> {
  const { password } = await import("./questions");
  return answered(password({ message: question, mask: "*" }, context()));
}

/** One of some values, by arrow keys. */
export async function askChoice<T extends string>(question: string, choices: readonly T[]): Promise<T> {
  const { select } = await import("./questions");
  return answered(select({ message: question, choices: choices.map((value) => ({ value })) }, context()));
}

/** Refuses when there is nobody to ask. @param need what a terminal would be there for: "a token is needed" */
export function requireTerminal(need: string, next: string, code: "NEEDS_CONFIRMATION" | "MISSING_INPUT"): void {
  if (canAsk()) return;
  throw usageError(`${need}, but there is no terminal to prompt on`, next).with({ code });
}

function context(): { output: NodeJS.WriteStream; clearPromptOnDone: boolean } {
  return { output: process.stderr, clearPromptOnDone: false };
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  // After Ctrl-D the program may run out of work before the prompt library rejects: this is its exit code then.
  const before = process.exitCode;
  process.exitCode = exitCodes.interrupted;
  try {
    const value = await answer;
    process.exitCode = before;
    return value;
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw interrupted();
    throw error;
  }
}
