/** The journal: what one change of config and tokens is about to do, without any token in it. */
import { type Config, configFromJson, configToJson, isEnv, isObject, type StoreName } from "../profiles/config";
import { readStateFile } from "../profiles/state-file";
import type { Slot } from "./store";
import { tokenHash } from "./tokens";

/** A token to store. */
export interface Put {
  readonly slot: Slot;
  readonly store: StoreName;
  readonly token: string;
}

/** A token to remove. `ifLeft`: when the store gives no answer, fail and change nothing; tell the user; tell only if a keychain exists at all. */
export interface Removal {
  readonly slot: Slot;
  readonly store: StoreName;
  readonly ifLeft: "fail" | "tell" | "tellIfKeychain";
}

export interface Journal {
  /** The config after the change. */
  readonly config: Config;
  /** Each new token by its SHA-256. */
  readonly puts: readonly { readonly slot: Slot; readonly store: StoreName; readonly hash: string }[];
  readonly removals: readonly Removal[];
}

export function journalText(config: Config, puts: readonly Put[], removals: readonly Removal[]): string {
  const hashed = puts.map(({ slot, store, token }) => ({ slot, store, hash: tokenHash(token) }));
  return `${JSON.stringify({ config: JSON.parse(configToJson(config)), puts: hashed, removals })}\n`;
}

/** The journal on the disk; undefined when there is none, or none that this version wrote (it replaces files only as a whole). */
export function readJournal(path: string): Journal | undefined {
  try {
    const value = readStateFile(path, 0o077);
    if (!isObject(value) || !isList(value.puts) || !isList(value.removals)) return undefined;
    if (!value.puts.every((put) => typeof put.hash === "string")) return undefined;
    return { ...(value as unknown as Journal), config: configFromJson(value.config, path) };
  } catch {
    return undefined;
  }
}

function isList(value: unknown): value is Record<string, unknown>[] {
  return (
    Array.isArray(value) &&
    value.every((item) => isObject(item) && isSlot(item.slot) && (item.store === "file" || item.store === "keychain"))
  );
}

function isSlot(value: unknown): value is Slot {
  return isObject(value) && typeof value.profile === "string" && isEnv(value.env);
}
