import type { PaymentStatus } from "@atoapayments/atoa-cli/emulator";

/** One run of the program as data: what is typed, what the server holds or does, and what must come of it. */
export interface Case {
  /** What is typed after `atoa`, as a shell takes it apart. */
  readonly line: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Payments put into a state before the run, by id. */
  readonly given?: Readonly<Record<string, PaymentStatus>>;
  /** Faults of the emulator, one a line. */
  readonly faults?: readonly string[];
  /** Exit code; 0 when left out. */
  readonly code?: number;
  /** The whole error line behind "error: ". */
  readonly error?: string;
  /** Part of stderr. */
  readonly stderr?: string;
  /** Part of stdout, or the whole of it as JSON. */
  readonly stdout?: string | Readonly<Record<string, unknown>> | readonly unknown[];
  /** Requests that must have reached the server, in order; none when left out. */
  readonly sends?: readonly Sent[];
}

export interface Sent {
  /** "GET /api/customers?page=0&size=20", the query as the server decodes it. */
  readonly request: string;
  readonly body?: unknown;
  /** Whose token: sandbox when left out, null for one that the server does not know. */
  readonly with?: "sandbox" | "production" | null;
}

/** A good line and the one request it makes. */
export function sends(line: string, request: string, body?: unknown, more: Partial<Case> = {}): Case {
  return { line, sends: [body === undefined ? { request } : { request, body }], ...more };
}

/** A line that is refused before anything is sent: exit 3. */
export function refused(line: string, error: string, more: Partial<Case> = {}): Case {
  return { line, code: 3, error, ...more };
}
