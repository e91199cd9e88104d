import { Flags } from "@oclif/core";

/** What `emulator start` and `emulator exec` have in common. */
export const emulatorFlags = {
  dataFile: Flags.string({
    summary: "File that keeps the state over restarts; default: memory only.",
    helpValue: "<file>",
  }),
  seed: Flags.string({ summary: "Text from which the business is made up; the same text gives the same business." }),
  fault: Flags.string({
    summary: "A fault to rehearse, such as 'POST /api/refund status=503 1'. Repeatable.",
    multiple: true,
    multipleNonGreedy: true,
    helpValue: "<fault>",
  }),
};

export interface EmulatorFlagValues {
  readonly dataFile?: string | undefined;
  readonly seed?: string | undefined;
  readonly fault?: readonly string[] | undefined;
}
