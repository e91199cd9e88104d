/** The token store in secrets.json, one JSON object from account to token. Mode 0600; others' permissions are refused. */

import { isObject } from "../profiles/config";
import { readStateFile, refuseToParse } from "../profiles/state-file";
import { registerSecret } from "../redaction";
import { replaceFile } from "./atomic-file";
import type { ReadOutcome, TokenStore } from "./store";

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

export async function readFromFile(path: string, account: string): Promise<ReadOutcome> {
  const token = readSecrets(path).get(account);
  return token === undefined ? { outcome: "absent" } : { outcome: "found", token };
}

/** The store for the holder of the lock. @throws AtoaError (failure) when the file cannot be written */
export function fileStore(path: string, assertHeld: () => void): TokenStore {
  const save = (tokens: Map<string, string>) =>
    replaceFile(path, `${JSON.stringify(Object.fromEntries(tokens), null, 2)}\n`, assertHeld);
  return {
    read: (account) => readFromFile(path, account),
    async write(account, token) {
      save(readSecrets(path).set(account, token));
      // Some file systems (vfat, WSL's view of Windows) keep no modes: better to learn it now than at every later command.
      readSecrets(path);
      return { outcome: "done" };
    },
    async remove(account) {
      const tokens = readSecrets(path);
      const existed = tokens.delete(account);
      if (existed) save(tokens);
      return { outcome: "done", existed };
    },
  };
}
