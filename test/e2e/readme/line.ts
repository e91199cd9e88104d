import type { Case, Sent } from "../cases/case";
import { enter, type Step } from "../terminal/terminal";

/** A command line of the README, and what it must do. */
export interface ReadmeLine extends Omit<Case, "line"> {
  readonly line: string;
  /** What the person at the terminal answers; without it there is no terminal. */
  readonly terminal?: readonly Step[];
  /** What it leaves in the config. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Event for which a URL is registered before. */
  readonly webhook?: string;
  /** The Idempotency-Key that must have been sent. */
  readonly key?: string;
  /** A list that is walked to its end: every request is this one. */
  readonly walks?: string;
  /** Profiles that are paired before: acme with both environments, unless said otherwise. */
  readonly profiles?: Readonly<Record<string, readonly ("sandbox" | "production")[]>>;
}

/** Variables that the README's scripts use. */
export const variables = { RUN_ID: "run-7", PAYMENT_ID: "pay-9", PR: "pr_abc123" } as const;

export const yes: readonly Step[] = [["\\(y/N\\)", `y${enter}`]];
export const first: Step = ["Which environment", enter];
export const token = (env: "sandbox" | "production"): readonly Step[] => [["API token", `{{${env}}}${enter}`]];

export const sent = (request: string, body?: unknown, env?: Sent["with"]): Pick<Case, "sends"> => ({
  sends: [{ request, ...(body === undefined ? {} : { body }), ...(env === undefined ? {} : { with: env }) }],
});

export const identity = sent("GET /api/cli/identity");
export const none: Pick<ReadmeLine, "profiles"> = { profiles: {} };
export const acme = { acme: ["sandbox", "production"] } as const;
export const withCi: Pick<ReadmeLine, "profiles"> = { profiles: { ...acme, ci: ["sandbox"] } };
export const refund = { paymentRequestId: "pr_abc", amount: 5 };
