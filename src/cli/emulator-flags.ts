import { Flags } from "@oclif/core";
import type { Emulator } from "../emulator/index";
import { flagText } from "./flag-text";

/** What `emulator start` and `emulator exec` have in common. */
export const emulatorFlags = {
  dataFile: Flags.string({
    summary: "File that keeps the state over restarts; default: memory only.",
    helpValue: "<file>",
  }),
  seed: Flags.string({ summary: "Text from which the business is made up; the same text gives the same business." }),
  fault: Flags.string({
    summary: "A fault to rehearse, such as 'POST /api/refund status=503 1', or @file with one a line. Repeatable.",
    multiple: true,
    multipleNonGreedy: true,
    helpValue: "<fault|@file>",
    parse: (text, _context, flag) => flagText(text, flag.name),
  }),
};

export interface EmulatorFlagValues {
  readonly dataFile?: string | undefined;
  readonly seed?: string | undefined;
  readonly fault?: readonly string[] | undefined;
}

/** Starts the emulator as the flags have it. @throws AtoaError for a port in use, a data file or a fault that cannot be used */
export async function startWith(flags: EmulatorFlagValues & { port?: number; host?: string }): Promise<Emulator> {
  const { parseFaults, startEmulator } = await import("../emulator/index");
  const { port, host, dataFile, seed, fault = [] } = flags;
  return startEmulator({ port, host, dataFile, seed, faults: fault.flatMap((text) => parseFaults(text)) });
}
