/** What a run of the program came to. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | undefined;
  readonly cwd?: string | undefined;
  /** Milliseconds until the run is given up and the test fails. */
  readonly limit?: number;
}
