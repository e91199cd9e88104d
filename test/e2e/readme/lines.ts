import type { ReadmeLine } from "./line";
import { machineLines } from "./machine-lines";
import { workflowLines } from "./workflow-lines";

/**
 * Every command line of the public README of version 0.1.1, as a shell sees it. Lines that need an answer are typed at a
 * terminal; the shop is that of the emulator, where the README's ids exist.
 */
export const readmeLines: readonly ReadmeLine[] = [...machineLines, ...workflowLines];
