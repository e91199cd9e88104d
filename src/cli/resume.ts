/** The command line that repeats a write of unknown outcome safely. */
export interface Written {
  /** Words of the command: ["refunds", "create"]. */
  readonly command: readonly string[];
  /** What stood behind them. */
  readonly argv: readonly string[];
  readonly idempotencyKey: string;
  /** Undefined with ATOA_TOKEN. */
  readonly profile: string | undefined;
  readonly env: string;
}

const fixed = ["--idempotencyKey", "--profile", "--env"];

/**
 * The same command with the key of the first attempt, and with its profile and environment, whatever is active later.
 * @returns null when a part of it came from stdin, which is used up
 */
export function resumeArgv({ command, argv, idempotencyKey, profile, env }: Written): readonly string[] | null {
  if (argv.some((word) => word === "-" || word.endsWith("=-"))) return null;
  const end = argv.indexOf("--");
  const flags = end === -1 ? argv : argv.slice(0, end);
  const kept = flags.filter((word) => !fixed.includes(word.split("=", 1)[0] ?? ""));
  const target = [
    `--idempotencyKey=${idempotencyKey}`,
    ...(profile === undefined ? [] : [`--profile=${profile}`]),
    `--env=${env}`,
  ];
  return ["atoa", ...command, ...kept, ...target, ...(end === -1 ? [] : argv.slice(end))];
}
