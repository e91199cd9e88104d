/** Reads the one token that a request needs, and no other. */
import { AtoaError } from "../errors";
import { type KeyEntry, readConfig } from "../profiles/config";
import { assertOrigin, keyOf, profileNamed, type Sourced } from "../profiles/resolution";
import { briefly, isFileOnly, readableStores, settleLeftovers, type VaultContext } from "./context";
import { findToken } from "./find-token";
import { noAnswerError, possibleStores, type Slot } from "./store";

export interface TokenTarget extends Slot {
  /** Where the request goes. */
  readonly origin: Sourced<string>;
}

/**
 * The token of one key. The origin is checked first: a token that belongs elsewhere is not even read.
 * @throws AtoaError usage (other origin), auth (no credentials, token gone), failure (file refused, keychain without an answer)
 */
export async function readToken(context: VaultContext, target: TokenTarget): Promise<string> {
  await settleLeftovers(context, briefly);
  let { key, answer } = await lookUp(context, target);
  if (answer.outcome === "foreign" || answer.outcome === "absent") {
    // Perhaps config and token were read on either side of somebody's change: let that end, and look once more.
    await settleLeftovers(context);
    ({ key, answer } = await lookUp(context, target));
  }
  if (answer.outcome === "found") return answer.token;
  if (answer.outcome === "absent" || answer.outcome === "foreign")
    throw tokenGone(context, target, key, answer.outcome);
  throw noAnswerError(answer, target, context.paths);
}

async function lookUp(context: VaultContext, target: TokenTarget) {
  const config = readConfig(context.paths.config);
  const key = keyOf(target.profile, profileNamed(config, target.profile), { value: target.env, source: "--env" });
  assertOrigin(target.profile, target.env, key, target.origin);
  return { key, answer: await findToken(target, key, readableStores(context), isFileOnly(context)) };
}

function tokenGone(
  context: VaultContext,
  { profile, env }: Slot,
  key: KeyEntry,
  outcome: "absent" | "foreign",
): AtoaError {
  const names = { keychain: "the system keychain", file: context.paths.secrets };
  const where = possibleStores(key, isFileOnly(context)).map((store) => names[store]);
  const why =
    outcome === "absent"
      ? `its token is not in ${where.join(" or ")}`
      : `the token in ${where.join(" or ")} is not the one that was paired`;
  return new AtoaError({
    kind: "auth",
    message: `No credentials for ${profile}/${env}: ${why}`,
    hint: `run \`atoa login --profile ${profile} --env ${env}\``,
  });
}
