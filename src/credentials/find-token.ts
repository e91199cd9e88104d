/** Finds the token of one key in the store that the config names, or in both when it names none; the redactor knows it from then on. */
import type { KeyEntry, StoreName } from "../profiles/config";
import { registerSecret } from "../redaction";
import { type NoAnswer, possibleStores, type Slot, type TokenStores } from "./store";
import { isToken, tokenFingerprint } from "./tokens";

export type FoundToken =
  | { readonly outcome: "found"; readonly token: string; readonly store: StoreName }
  | { readonly outcome: "absent" }
  /** A token is there, but not the one that was paired: only a change that was cut off, or a hand, can have put it there. */
  | { readonly outcome: "foreign" }
  | NoAnswer;

export async function findToken(
  slot: Slot,
  key: KeyEntry,
  stores: TokenStores,
  fileOnly: boolean,
): Promise<FoundToken> {
  let second: FoundToken = { outcome: "absent" };
  for (const store of possibleStores(key, fileOnly)) {
    const answer = await stores[store].read(slot);
    if (answer.outcome === "found") {
      registerSecret(answer.token);
      const known = isToken(answer.token) && matches(key, answer.token);
      if (known) return { ...answer, store };
      // Version 0.1 may have left an older token in the file: the keychain's goes first, this one is better than none.
      second = key.store === undefined && isToken(answer.token) ? { ...answer, store } : { outcome: "foreign" };
    } else if (
      answer.outcome !== "absent" &&
      second.outcome === "absent" &&
      !(key.store === undefined && answer.outcome === "noBackend")
    ) {
      second = answer;
    }
  }
  return second;
}

function matches(key: KeyEntry, token: string): boolean {
  const known = key.tokenFingerprint;
  return known === undefined || known === tokenFingerprint(token) || (key.store === undefined && token.endsWith(known));
}
