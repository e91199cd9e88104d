/** The token store in the system's keychain; spoken to through a child process that can be killed. */
import type { VaultOptions } from "./context";
import type { TokenStore } from "./store";

export function keychainStore(_options: VaultOptions): TokenStore {
  const none = { outcome: "noBackend", why: "not built yet" } as const;
  return { read: async () => none, write: async () => none, remove: async () => none };
}
