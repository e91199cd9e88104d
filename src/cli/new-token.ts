import { readNewToken } from "../api/response";
import type { Vault } from "../credentials/vault";
import { AtoaError } from "../errors";
import { isRecord } from "../json";
import { type Format, printSecret } from "../terminal/output";
import { log } from "../terminal/terminal";
import { shellWord } from "../text";
import type { CurrentKey } from "./current-key";

/**
 * Rotates a key of this machine: stores its new token, then prints it, the only print of a token there is. When storing fails
 * the token is still printed, because the server will never show it again.
 * @param send has the server rotate the key; called once it is certain that the state can be written
 */
export async function rotateCurrentKey(
  vault: Vault,
  own: CurrentKey,
  send: () => Promise<unknown>,
  format: Format,
): Promise<void> {
  const name = `${own.profile}/${own.env}`;
  let response: unknown;
  let arrived = false;
  const rotate = async () => {
    response = await send().catch((error: unknown) => {
      throw probablyRotated(error, own);
    });
    const token = readNewToken(response, own.env);
    arrived = true;
    return token;
  };
  try {
    const { notices } = await vault.rotateToken(own, rotate);
    for (const notice of notices) log(notice);
    log(`✓ Rotated the key of ${name} and stored the new token; it is shown only once`);
  } catch (error) {
    if (response === undefined) throw error;
    // Whatever came is shown: a token in a field that we do not know would be lost otherwise.
    const shown = await printed(response, format);
    if (!arrived) throw notArrived(own, reason(error));
    const trouble = `The key of ${name} was rotated, but its new token could not be stored: ${reason(error)}`;
    if (!shown) throw lost(`${trouble}, nor shown`);
    throw new AtoaError({
      kind: "failure",
      message: trouble,
      hint: `keep the token printed on stdout and run \`${loginAgain(own)}\` with it`,
      cause: error,
    });
  }
  await printSecret(asRecord(response), format);
}

/** Prints the token of a rotated key that is not stored here. @throws AtoaError (failure) when it did not reach its reader */
export async function showNewToken(response: unknown, format: Format): Promise<void> {
  if (await printed(response, format)) return;
  throw lost("The key was rotated, but its new token could not be shown");
}

/** Whether the token reached its reader: a closed pipe or a full disk must not hide that a key was rotated. */
async function printed(response: unknown, format: Format): Promise<boolean> {
  return printSecret(asRecord(response), format).then(
    () => true,
    () => false,
  );
}

function asRecord(response: unknown): Readonly<Record<string, unknown>> {
  return isRecord(response) ? response : { response };
}

function lost(message: string): AtoaError {
  return new AtoaError({
    kind: "failure",
    message,
    hint: "revoke the key in the Atoa dashboard, create a new one and log in",
  });
}

/** After a rotation without a usable response: the present token is probably dead, and asking again with it cannot help. */
function probablyRotated(error: unknown, own: CurrentKey): unknown {
  if (!(error instanceof AtoaError) || !error.facts.outcomeUnknown) return error;
  const { message, hint } = notArrived(own, error.summary);
  return error.with({ message, hint, outcomeUnknown: false });
}

function notArrived(own: CurrentKey, why: string): AtoaError {
  return new AtoaError({
    kind: "failure",
    message: `The key of ${own.profile}/${own.env} was probably rotated, but its new token was not received: ${why}`,
    hint: `revoke ${own.key.sdkAccessId ?? "it"} in the Atoa dashboard, create a new key, then run \`${loginAgain(own)}\``,
  });
}

function loginAgain({ profile, env }: CurrentKey): string {
  return `atoa login --profile ${shellWord(profile)} --env ${env}`;
}

function reason(error: unknown): string {
  if (error instanceof AtoaError) return error.summary;
  return error instanceof Error ? error.message : "unknown reason";
}
