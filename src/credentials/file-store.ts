/** The token store in secrets.json, one JSON object from slot name to token. Mode 0600; others' permissions are refused. */

import { isObject } from "../profiles/config";
import { readStateFile, refuseToParse } from "../profiles/state-file";
import { registerSecret } from "../redaction";
import { type Replacing, replaceFile } from "./replace-file";
import { slotName, type TokenStore } from "./store";

/**
 * All tokens of the file by slot name; a missing file holds none.
 * @throws AtoaError (failure) "Refusing to read …: insecure permissions", "Refusing to parse …: not valid JSON"
 */
export function readSecrets(path: string): Map<string, string> {
  const value = readStateFile(path, 0o077);
  if (value === undefined) return new Map();
  if (!isObject(value)) throw refuseToParse(path, "not a JSON object");
  const tokens = new Map<string, string>();
  for (const [name, token] of Object.entries(value)) {
    if (typeof token !== "string") throw refuseToParse(path, `${name} is not a text`);
    // From here on no output shows it, wherever else a text of it may come from: a server's echo, another file.
    registerSecret(token);
    tokens.set(name, token);
  }
  return tokens;
}

/** The store. Reading needs no lock; writing and removing belong inside a transaction, whose right to write `replacing` asks for. */
export function fileStore(path: string, replacing: Replacing): TokenStore {
  const save = (tokens: Map<string, string>) =>
    replaceFile(path, `${JSON.stringify(Object.fromEntries(tokens), null, 2)}\n`, replacing);
  return {
    async read(slot) {
      const token = readSecrets(path).get(slotName(slot));
      return token === undefined ? { outcome: "absent" } : { outcome: "found", token };
    },
    async write(slot, token) {
      save(readSecrets(path).set(slotName(slot), token));
      return { outcome: "done" };
    },
    async remove(slot) {
      const tokens = readSecrets(path);
      const existed = tokens.delete(slotName(slot));
      if (existed) save(tokens);
      return { outcome: "done", existed };
    },
  };
}
