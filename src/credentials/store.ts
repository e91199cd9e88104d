/** What every token store can do. There are two: the system's keychain, and secrets.json, one JSON object from account to token. */
import { AtoaError, usageError } from "../errors";
import { type CredentialKey, isObject, type StoreName } from "../profiles/config";
import { readStateFile, refuseToParse, type StatePaths } from "../profiles/state-files";
import { isToken, registerSecret } from "../redaction";
import { shellWord } from "../text";

/**
 * A store that gave no usable answer. `unavailable` is the only one that a login may answer by using the file: the other two mean
 * that a keychain is there, and perhaps a token in it.
 */
export interface StoreFailure {
  readonly outcome: "locked" | "timedOut" | "unavailable";
  /** For a person, without the token. */
  readonly why: string;
}

export type ReadOutcome =
  | { readonly outcome: "found"; readonly token: string }
  | { readonly outcome: "absent" }
  | StoreFailure;
export type WriteOutcome = { readonly outcome: "done" } | StoreFailure;

export interface TokenWriter {
  /** Replaces what is there. */
  write(account: string, token: string): Promise<WriteOutcome>;
  /** Done, too, when nothing was there. */
  remove(account: string): Promise<WriteOutcome>;
}

export interface TokenStore extends TokenWriter {
  read(account: string): Promise<ReadOutcome>;
}

/**
 * Stores that a new token may go to, best first. ATOA_SECRET_STORE forces one; ATOA_HOME alone means the file, because a home of its
 * own must not share the user's keychain.
 * @throws AtoaError (usage) for another value of ATOA_SECRET_STORE
 */
export function writableStores(
  { isolated }: StatePaths,
  environment: NodeJS.ProcessEnv,
): readonly [StoreName, StoreName?] {
  const forced = environment.ATOA_SECRET_STORE?.trim().toLowerCase();
  if (forced === "file" || forced === "keychain") return [forced];
  if (forced)
    throw usageError(
      "ATOA_SECRET_STORE must be file or keychain",
      "correct it, or unset it to use the keychain if there is one",
    );
  return isolated ? ["file"] : ["keychain", "file"];
}

/**
 * A token as typed, pasted or piped in: white space and a byte order mark around it are dropped, none is allowed inside.
 * From here on the redactor knows it.
 * @param field flag or variable that it came from
 * @throws usageError that never repeats the text
 */
export function parseToken(text: string, what = "token", field?: string): string {
  const token = text.trim();
  if (token !== "") registerSecret(token);
  if (isToken(token)) return token;
  const why = token === "" ? "is empty" : "must be at most 8192 visible ASCII characters, without spaces";
  throw usageError(`The ${what} ${why}`, "copy it again from the Atoa dashboard", field);
}

/**
 * All tokens of the file by account; a missing file holds none.
 * @throws AtoaError (failure) "Refusing to read …: insecure permissions", "Refusing to parse …: not valid JSON"
 */
export function readSecrets(path: string): Map<string, string> {
  const value = readStateFile(path, 0o077);
  if (value === undefined) return new Map();
  if (!isObject(value)) throw refuseToParse(path, "must be a JSON object");
  const tokens = new Map<string, string>();
  for (const [account, token] of Object.entries(value)) {
    if (typeof token !== "string") throw refuseToParse(path, `${account} must be a string`);
    // From here on no output shows it, wherever else it may come from: a server's echo, another file.
    registerSecret(token);
    tokens.set(account, token);
  }
  return tokens;
}

/** The command that stores a secret of this kind again. */
export function loginCommand({ profile, kind }: CredentialKey): string {
  const name = shellWord(profile);
  return kind === "signing"
    ? `atoa webhooks secret --stdin --profile ${name}`
    : `atoa login --profile ${name} --env ${kind}`;
}

/** The error for a keychain that gave no usable answer; exit 1. */
export function storeError({ outcome, why }: StoreFailure, key: CredentialKey, paths: StatePaths): AtoaError {
  const name = `${key.profile}/${key.kind}`;
  const [message, remedy] = {
    locked: [`The system keychain is locked or refused the token of ${name}`, "unlock it"],
    timedOut: [`The system keychain did not respond for ${name}`, "check whether it is waiting for your password"],
    unavailable: [`There is no system keychain for ${name}`, "start one"],
  }[outcome];
  const inFile = `store it in ${shellWord(paths.secrets)} instead: \`ATOA_SECRET_STORE=file ${loginCommand(key)}\``;
  return new AtoaError({
    kind: "failure",
    message: `${message} (${why})`,
    hint: `${remedy} and try again, or ${inFile}`,
  });
}
