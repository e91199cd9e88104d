/** What every token store can do and answer. There are two: the 0600 file and the system's keychain. */
import { AtoaError } from "../errors";
import type { Env, KeyEntry, StoreName } from "../profiles/config";
import { type StatePaths, shellPath } from "../profiles/paths";

/** One place for one token. */
export interface Slot {
  readonly profile: string;
  readonly env: Env;
}

/** The slot's key in secrets.json and its account in the keychain: `acme:sandbox`. */
export function slotName(slot: Slot): string {
  return `${slot.profile}:${slot.env}`;
}

/**
 * A store that gave no answer. `noBackend` is the only one that a login may answer by using the file: the other two mean that a
 * keychain is there, and perhaps a token in it.
 */
export interface NoAnswer {
  readonly outcome: "locked" | "timedOut" | "noBackend";
  /** For a person, without the token. */
  readonly why: string;
}

export type ReadOutcome =
  | { readonly outcome: "found"; readonly token: string }
  | { readonly outcome: "absent" }
  | NoAnswer;
export type WriteOutcome = { readonly outcome: "done" } | NoAnswer;
export type RemoveOutcome = { readonly outcome: "done"; readonly existed: boolean } | NoAnswer;

export interface TokenStore {
  read(slot: Slot): Promise<ReadOutcome>;
  /** Replaces what is there; done means that it was read back and is the same. */
  write(slot: Slot, token: string): Promise<WriteOutcome>;
  remove(slot: Slot): Promise<RemoveOutcome>;
}

export type TokenStores = { readonly [name in StoreName]: TokenStore };

/**
 * Stores that a new token may go to, best first. ATOA_SECRET_STORE forces one; ATOA_HOME alone means the file, because a home of its
 * own must not share the user's keychain.
 * @throws AtoaError (usage) for another value of ATOA_SECRET_STORE
 */
export function writableStores(paths: StatePaths, environment: NodeJS.ProcessEnv): readonly StoreName[] {
  const forced = environment.ATOA_SECRET_STORE?.trim().toLowerCase();
  if (forced === "file" || forced === "keychain") return [forced];
  if (forced) {
    throw new AtoaError({
      kind: "usage",
      message: "ATOA_SECRET_STORE is neither file nor keychain",
      hint: "set it to one of them, or unset it: then the keychain is used where there is one",
    });
  }
  return paths.isolated ? ["file"] : ["keychain", "file"];
}

/**
 * Stores that may hold the token of a key. A key of version 0.1 names none: then both, the file first because asking it is free,
 * unless the keychain belongs to another home.
 */
export function possibleStores(key: KeyEntry, fileOnly: boolean): readonly StoreName[] {
  if (key.store !== undefined) return [key.store];
  return fileOnly ? ["file"] : ["file", "keychain"];
}

/** The error for a keychain without an answer; exit 1. A command that meets it changes nothing. */
export function noAnswerError(answer: NoAnswer, slot: Slot, paths: StatePaths): AtoaError {
  const { profile, env } = slot;
  const again = `ATOA_SECRET_STORE=file atoa login --profile ${profile} --env ${env}`;
  const fileInstead = `keep the token in ${shellPath(paths.secrets)} instead: \`${again}\``;
  const texts = {
    locked: {
      message: `The system keychain is locked or refused the token of ${profile}/${env}`,
      hint: `unlock it and run this again; or ${fileInstead}`,
    },
    timedOut: {
      message: `The system keychain did not answer for ${profile}/${env}`,
      hint: `see whether it waits for its password, and run this again; or ${fileInstead}`,
    },
    noBackend: {
      message: `There is no system keychain for ${profile}/${env}`,
      hint: `start one and run this again; or ${fileInstead}`,
    },
  }[answer.outcome];
  return new AtoaError({ kind: "failure", message: `${texts.message} (${answer.why})`, hint: texts.hint });
}
