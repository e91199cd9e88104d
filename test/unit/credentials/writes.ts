import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const writing = ["writeFileSync", "fsyncSync", "renameSync", "unlinkSync"] as const;

/**
 * Calls `onStep` after each step of the writing that this process does: the only places where a crash can make a difference.
 * @returns a function that ends it
 */
export function followWrites(onStep: () => void): () => void {
  const before = { ...fs };
  for (const name of writing) {
    const real = fs[name] as (...given: unknown[]) => unknown;
    const followed = (...given: unknown[]) => {
      const result = real(...given);
      onStep();
      return result;
    };
    Object.assign(fs, { [name]: followed });
  }
  syncBuiltinESMExports();
  return () => {
    for (const name of writing) Object.assign(fs, { [name]: before[name] });
    syncBuiltinESMExports();
  };
}
