import { setFlagsFromString } from "node:v8";

/**
 * V8 lets garbage lie while memory is free: a walk over 1,000 pages would end with twice the memory of one over ten.
 * These flags make it collect early and compile little, which costs a walk no time: it waits for pages and parses JSON.
 * Each with the value that it has by default, because code that V8 keeps for the next start is tied to its flags.
 */
const flags: readonly [lean: string, usual: string][] = [
  ["--semi-space-growth-factor=1", "--semi-space-growth-factor=2"],
  ["--optimize-for-size", "--no-optimize-for-size"],
  ["--no-opt", "--opt"],
];

/** V8 complains on stderr about a flag that it does not know, so only versions that were tried get them. */
const known = ["20", "22", "24"].includes(process.versions.node.split(".", 1)[0] ?? "");

/** Makes the process spare with memory until the returned function is called. */
export function spareMemory(): () => void {
  if (!known) return () => undefined;
  for (const [lean] of flags) setFlagsFromString(lean);
  return () => {
    for (const [, usual] of flags) setFlagsFromString(usual);
  };
}
