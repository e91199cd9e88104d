import { setFlagsFromString } from "node:v8";

/**
 * V8 lets garbage lie while memory is free: a walk over 1,000 pages would end with twice the memory of one over ten.
 * These flags make it collect early and compile little, which costs a walk no time: it waits for pages and parses JSON.
 *
 * Code that V8 keeps from run to run (src/start) only fits the flags it was made under, so each comes with what undoes
 * it, the flags that it implies included. V8 complains about a flag that it does not know, so only versions of Node
 * that were tried get any.
 */
interface Flag {
  readonly lean: string;
  readonly usual: readonly string[];
  /** Major versions of Node on which it can be undone. */
  readonly versions: readonly string[];
}

const flags: readonly Flag[] = [
  { lean: "--semi-space-growth-factor=1", usual: ["--semi-space-growth-factor=2"], versions: ["20", "22", "24"] },
  {
    lean: "--optimize-for-size",
    usual: ["--no-optimize-for-size", "--max-semi-space-size=0"],
    versions: ["20", "22", "24"],
  },
  { lean: "--no-opt", usual: ["--opt"], versions: ["20"] },
];

/** Makes the process spare with memory until the returned function is called. */
export function spareMemory(): () => void {
  const major = process.versions.node.split(".", 1)[0] ?? "";
  const known = flags.filter((flag) => flag.versions.includes(major));
  for (const { lean } of known) setFlagsFromString(lean);
  return () => {
    for (const flag of known.flatMap(({ usual }) => usual)) setFlagsFromString(flag);
  };
}
