/** Which stores a token has to be removed from, and what it means when one of them gives no answer. */
import type { Config, KeyEntry, StoreName } from "../profiles/config";
import type { Removal } from "./journal";
import { possibleStores, type Slot } from "./store";

/** For a key that the config names. `ifLeft` is meant for the store that it names; another one probably holds nothing. */
export function removalsOf(
  { profile, env }: Slot,
  key: KeyEntry,
  fileOnly: boolean,
  ifLeft: "fail" | "tell",
): readonly Removal[] {
  return possibleStores(key, fileOnly).map((store) => ({
    slot: { profile, env },
    store,
    ifLeft: key.store === store || store === "file" ? ifLeft : "tellIfKeychain",
  }));
}

/** For a slot that the config does not name: a crash of an older version may have left a token there. */
export function strayRemovals({ profile, env }: Slot, fileOnly: boolean): readonly Removal[] {
  return possibleStores({}, fileOnly).map((store) => ({ slot: { profile, env }, store, ifLeft: "tellIfKeychain" }));
}

/** What has to go from the other store when a token is written to `store`: a stale copy must not outlive it. */
export function otherCopies(
  config: Config,
  { profile, env }: Slot,
  store: StoreName,
  fileOnly: boolean,
): readonly Removal[] {
  const slot = { profile, env };
  const key = config.profiles.get(profile)?.envs?.[env];
  const held =
    key === undefined ? [] : removalsOf(slot, key, fileOnly, "tell").filter((removal) => removal.store === "keychain");
  const inFile: Removal = { slot, store: "file", ifLeft: "tell" };
  return [...held, inFile].filter((removal) => removal.store !== store);
}
