import { randomBytes } from "node:crypto";
import { hashOf, type MadeEvent, makeEvent, type Signer, signedBytes } from "./made-event";
import { type Message, type Outcome, post } from "./post";
import { signatureOfBody } from "./signature";

/** One attack on a receiver, and what came of it. */
export interface Finding {
  readonly attack: AttackName;
  readonly passed: boolean;
  /** Statuses of what was sent; null where no response came. */
  readonly statuses: readonly (number | null)[];
  /** What was expected and what came, for a person. */
  readonly explanation: string;
}

export interface CheckOptions {
  readonly url: URL;
  readonly signer: Signer;
  /** An order that the receiver knows; one that is made up, where it is left out. */
  readonly orderId: string | undefined;
  readonly only: readonly AttackName[] | undefined;
  readonly report: (finding: Finding) => void;
  readonly signal: AbortSignal;
}

interface Attack {
  readonly what: string;
  /** For a scheme alone; v1 does not cover status and amount, so altering them shows nothing. */
  readonly scheme?: "v2";
  /** Messages, sent one after the other. */
  make(context: AttackContext): readonly Message[];
  readonly slowly?: { readonly pieces: number; readonly pauseMs: number };
  /** The complaint, or undefined when the receiver did well. */
  judge(statuses: readonly number[]): string | undefined;
}

interface AttackContext {
  readonly signer: Signer;
  readonly genuine: MadeEvent;
  event(status: string): MadeEvent;
}

const limitMs = 10_000;

const mustBe200 = (statuses: readonly number[]): string | undefined =>
  statuses.every((status) => status === 200) ? undefined : "Atoa accepts only 200, and would retry for 24 hours";
const mustBeRefused = (statuses: readonly number[]): string | undefined =>
  statuses.some((status) => status < 400) ? "it was accepted; reject it with 401" : undefined;
const mustSurvive = (statuses: readonly number[]): string | undefined =>
  statuses.some((status) => status >= 500) ? "the receiver failed" : undefined;

/** The attacks, in order. */
const attacks = {
  genuine: { what: "a genuine delivery", make: ({ genuine }) => [genuine], judge: mustBe200 },
  forged: {
    what: "a made-up signature",
    make: ({ genuine }) => [withSignature(genuine, randomBytes(32).toString("hex"))],
    judge: mustBeRefused,
  },
  unsigned: {
    what: "no signature",
    make: ({ genuine }) => [withSignature(genuine, undefined)],
    judge: mustBeRefused,
  },
  altered: {
    what: "a signed body with another amount",
    scheme: "v2",
    make: ({ genuine }) => {
      const body = Buffer.from(JSON.stringify({ ...parsed(genuine.body), paidAmount: "9999.00" }));
      return [{ headers: genuine.headers, body }];
    },
    judge: mustBeRefused,
  },
  "another-secret": {
    what: "a signature made with another secret, and with an empty one",
    make: ({ genuine, signer }) =>
      ["test-token-of-somebody-else", ""].map((secret) => signedWith(genuine, signer, secret)),
    judge: mustBeRefused,
  },
  twice: { what: "the same delivery twice", make: ({ genuine }) => [genuine, genuine], judge: mustSurvive },
  "out-of-order": {
    what: "COMPLETED before PENDING",
    make: ({ event }) => [event("COMPLETED"), event("PENDING")],
    judge: mustSurvive,
  },
  "unknown-event": {
    what: "an event that does not exist yet",
    make: ({ genuine, signer }) => [
      resigned({ ...parsed(genuine.body), eventType: "SOMETHING_NEW", status: "NEW" }, signer),
    ],
    judge: mustSurvive,
  },
  "odd-bodies": {
    what: "bodies that are null, a list, empty, not JSON and not UTF-8",
    make: ({ signer }) =>
      ["null", "[]", "", "{", "\u0000"]
        .map((text) => signedBytes(Buffer.from(text), signer))
        .concat(signedBytes(Buffer.from([0x22, 0xff, 0xfe, 0x22]), signer)),
    judge: mustSurvive,
  },
  large: {
    what: "a body of 1 MiB",
    make: ({ genuine, signer }) => [resigned({ ...parsed(genuine.body), notes: "x".repeat(1024 * 1024) }, signer)],
    judge: mustSurvive,
  },
  slow: {
    what: "a body that takes two seconds",
    make: ({ genuine }) => [genuine],
    slowly: { pieces: 8, pauseMs: 250 },
    judge: mustSurvive,
  },
  alive: { what: "a genuine delivery after all that", make: ({ genuine }) => [genuine], judge: mustBe200 },
} as const satisfies Record<string, Attack>;

export type AttackName = keyof typeof attacks;
export const attackNames = Object.keys(attacks) as AttackName[];

/**
 * Attacks a receiver, one after the other.
 * @returns the findings; undefined when nothing was reached at all
 */
export async function check(options: CheckOptions): Promise<Finding[] | undefined> {
  const { url, signer, signal, report } = options;
  const orderId = options.orderId ?? `atoa-check-${randomBytes(4).toString("hex")}`;
  const event = (status: string): MadeEvent =>
    makeEvent({ eventType: "PAYMENTS_STATUS", orderId }, signer, [{ path: "status", value: status }], Date.now());
  const context: AttackContext = { signer, genuine: event("COMPLETED"), event };
  const findings: Finding[] = [];
  for (const name of attackNames) {
    const attack: Attack = attacks[name];
    if (options.only?.includes(name) === false || (attack.scheme ?? signer.scheme) !== signer.scheme) continue;
    const outcomes: Outcome[] = [];
    for (const message of attack.make(context)) {
      outcomes.push(await post(url, message, { limitMs, signal, slowly: attack.slowly }));
    }
    if (findings.length === 0 && outcomes.every(unreachable)) return undefined;
    if (signal.aborted) break;
    const finding = judged(name, attack, outcomes);
    findings.push(finding);
    report(finding);
  }
  return findings;
}

function unreachable({ status, error }: Outcome): boolean {
  return status === null && error !== undefined && !/^no response|closed the connection/.test(error);
}

function judged(attack: AttackName, { what, judge }: Attack, outcomes: readonly Outcome[]): Finding {
  const statuses = outcomes.map(({ status }) => status);
  const dead = outcomes.find(({ status }) => status === null);
  const complaint =
    dead === undefined ? judge(statuses.filter((status) => status !== null)) : (dead.error ?? "no response");
  const got = statuses.map((status) => status ?? "nothing").join(", ");
  const explanation = `${what}: ${got}${complaint === undefined ? "" : ` — ${complaint}`}`;
  return { attack, passed: complaint === undefined, statuses, explanation };
}

function parsed(body: Buffer): Record<string, unknown> {
  return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
}

/** The same delivery with another signature, or without one. */
function withSignature(event: MadeEvent, digest: string | undefined): Message {
  if (event.scheme === "v2") {
    const at = event.headers.indexOf("X-Atoa-Signature");
    const others = event.headers.toSpliced(at, 2);
    return {
      body: event.body,
      headers: digest === undefined ? others : [...others, "X-Atoa-Signature", `v1=${digest}`],
    };
  }
  const { signatureHash: _, ...unsigned } = parsed(event.body);
  const body = digest === undefined ? unsigned : { ...unsigned, signatureHash: digest };
  return { body: Buffer.from(JSON.stringify(body)), headers: event.headers };
}

function signedWith(event: MadeEvent, { scheme }: Signer, secret: string): Message {
  if (scheme === "v1") return withSignature(event, hashOf(parsed(event.body), secret));
  const wrong = `whsec_${Buffer.from(secret).toString("base64")}`;
  return withSignature(event, signatureOfBody(wrong, event.body).slice("v1=".length));
}

function resigned(body: Record<string, unknown>, signer: Signer): MadeEvent {
  const signed = signer.scheme === "v1" ? { ...body, signatureHash: hashOf(body, signer.secret) } : body;
  return signedBytes(Buffer.from(JSON.stringify(signed)), signer, String(signed.signatureHash));
}
