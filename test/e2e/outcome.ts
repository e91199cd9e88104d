import type { ChildProcess } from "node:child_process";

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
  /** Gets the running process: to signal it, or to close a pipe. */
  readonly whileRunning?: (child: ChildProcess) => void;
  /** A file descriptor in place of the pipe for stdout. */
  readonly stdout?: number;
  /** Of the resident program: its streams say that they are a terminal of this width, and all it shows is in stdout. */
  readonly columns?: number;
  /** Always a process of its own: the test is about what only a process has. */
  readonly alone?: boolean;
  /** A token on the command line is the mistake that is tried: it is looked for in the output only. */
  readonly tokenTyped?: boolean;
}
