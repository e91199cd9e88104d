import { Flags } from "@oclif/core";
import type { Emulator, EmulatorOptions } from "../emulator/index";
import { AtoaError, usageError } from "../errors";
import { flagText } from "./flag-text";

/** What `emulator start` and `emulator exec` have in common. */
export const emulatorFlags = {
  dataFile: Flags.string({ summary: "File that keeps the state across restarts.", helpValue: "<file>" }),
  seed: Flags.string({ summary: "Seed of the sample business and its ids." }),
  fault: Flags.string({
    summary: "Fault, such as 'POST /api/refund status=503 1', or @file. Repeatable.",
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

/** What `emulator start` takes beside that: for people who look on, and for machines beside this one. */
export const serverFlags = {
  webhook: Flags.string({ summary: "URL to send every sandbox event to.", helpValue: "<url>" }),
  signingSecret: Flags.string({
    summary: "With --webhook: sign with this whsec_… (v2).",
    helpValue: "<secret>",
    dependsOn: ["webhook"],
  }),
  fixtures: Flags.string({ summary: "Snapshot to start from.", helpValue: "<file>" }),
  clock: Flags.string({ summary: "Start time, such as 2026-02-10T09:00:00Z.", helpValue: "<time>" }),
  freeze: Flags.boolean({ summary: "Stop the clock; `emulator advance` moves it." }),
  ids: Flags.option({ options: ["random", "sequential"] as const })({ summary: "Ids of new objects." }),
  strict: Flags.boolean({ summary: "Reject what is not in the OpenAPI file." }),
  allowHost: Flags.string({
    summary: "Another host for API and webhooks. Repeatable.",
    multiple: true,
    multipleNonGreedy: true,
    helpValue: "<name>",
  }),
  controlToken: Flags.string({
    summary: "Token for the control API from elsewhere.",
    helpValue: "<token|@file>",
    parse: async (text, _context, flag) => (await flagText(text, flag.name)).trim(),
  }),
  exitWithParent: Flags.boolean({ summary: "Exit when the parent process ends." }),
  quiet: Flags.boolean({ summary: "Do not log requests and deliveries." }),
};

export interface ServerFlagValues {
  readonly webhook?: string | undefined;
  readonly signingSecret?: string | undefined;
  readonly fixtures?: string | undefined;
  readonly clock?: string | undefined;
  readonly freeze?: boolean | undefined;
  readonly ids?: "random" | "sequential" | undefined;
  readonly strict?: boolean | undefined;
  readonly allowHost?: readonly string[] | undefined;
  readonly controlToken?: string | undefined;
}

/** Starts the emulator as the flags have it. @throws AtoaError for a port in use, a data file or a fault that cannot be used */
export async function startWith(
  flags: EmulatorFlagValues & ServerFlagValues & { port?: number; host?: string },
  watch: Pick<EmulatorOptions, "onRequest" | "onDelivery"> = {},
): Promise<Emulator> {
  const { parseFaults, startEmulator } = await import("../emulator/index");
  const { fault = [], webhook, signingSecret, clock, freeze, allowHost, ...same } = flags;
  const startAt = clock === undefined ? undefined : Date.parse(clock);
  if (Number.isNaN(startAt))
    throw usageError("--clock must be a time", "use a time such as 2026-02-10T09:00:00Z", "clock");
  return ofEmulator(async () =>
    startEmulator({
      ...same,
      ...watch,
      faults: fault.flatMap((text) => parseFaults(text)),
      allowedHosts: allowHost,
      ...(webhook === undefined ? {} : { webhook: { url: webhook, signingSecret } }),
      clock: { startAt, frozen: freeze },
    }),
  );
}

/** Does something with the emulator; what that throws is worded for the flags. @throws AtoaError */
export async function ofEmulator<T>(work: () => Promise<T>): Promise<T> {
  const { EmulatorError } = await import("../emulator/index");
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error;
    const hint = remedies[error.code ?? ""] ?? error.hint ?? "see `atoa emulator start --help`";
    if (error.kind !== "unavailable") throw usageError(error.message, hint);
    throw new AtoaError({ kind: "failure", message: error.message, hint, cause: error.cause });
  }
}

const remedies: Readonly<Record<string, string>> = {
  PORT_IN_USE: "stop the program that uses it, or choose another with --port (0 picks a free one)",
  CANNOT_LISTEN: "choose another --port or --host",
  DATA_FILE_UNUSABLE: "choose another with --dataFile, or delete it to start from the seed",
  FIXTURES_FILE_UNUSABLE: "choose another with --fixtures; `GET /__emulator/snapshot` creates one",
};
