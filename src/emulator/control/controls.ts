import { randomBytes } from "node:crypto";
import { type Fault, faultFrom } from "../faults/fault";
import type { FaultList } from "../faults/fault-list";
import type { LoggedRequest, RequestLog } from "../http/request-log";
import { notFound } from "../refusal";
import type { Business } from "../state/business";
import { endConsent, linkConsent } from "../state/consent-lifecycle";
import type { Emulation, TokenRequest } from "../state/emulation";
import { abandonPayment, approvePayment, failPayment, startPayment } from "../state/payment-lifecycle";
import type { ApiKey, Environment, Payment, PaymentMethod, PaymentStatus, RefundStatus } from "../state/records";
import type { Deliveries, Delivery } from "../webhooks/deliveries";
import { type PreparedPayment, preparePayment, prepareRefund } from "./prepare";

/** Which business to look in, for ids that several have (the short ids of the README). */
export interface Where {
  environment?: Environment | undefined;
  merchantId?: string | undefined;
}

export interface PayerChoice extends Where {
  method?: PaymentMethod | undefined;
  institutionId?: string | undefined;
  payerName?: string | undefined;
  /** "later" leaves an approved payment PENDING, as a slow bank does. */
  settle?: "now" | "later" | undefined;
  /** Whole pence on top, where tips are enabled. */
  tip?: number | undefined;
  /** Why the bank declines. */
  reason?: string | undefined;
}

export type ConsentAction = "link" | "expire" | "revoke";

export type PayerAction = "start" | "approve" | "decline" | "cancel";

/** Everything a test or a person may do to the emulator from outside the API: payer, clock, log, faults, tokens. */
export interface Controls {
  /** Plays the payer. @returns the status afterwards. @throws Refusal where the state does not allow it */
  pay(action: PayerAction, paymentRequestId: string, choice?: PayerChoice): { id: string; status: PaymentStatus };
  preparePayment(id: string, wish: PreparedPayment & Where): { id: string; status: PaymentStatus };
  prepareRefund(
    id: string,
    status: RefundStatus,
    where?: Where & { tell?: boolean | undefined },
  ): { id: string; status: RefundStatus };
  /** Plays the holder of a bank account: agrees to a consent, or lets it end. */
  consent(
    action: ConsentAction,
    accountAuthId: string,
    where?: Where,
  ): { id: string; status: string; accountIds: string[] };
  /**
   * Switches v2 signing of all deliveries of a business: on with a secret (`whsec_…`, made up when left out), off with null.
   * The seeded sandbox business unless told otherwise. @returns the secret
   */
  setSigningSecret(secret?: string | null, where?: Where): string | null;
  /** Every webhook delivery with its attempts, oldest first. */
  deliveries(): Delivery[];
  /** Resolves when no delivery is on its way and none is due by now. */
  deliveriesSettled(): Promise<void>;
  /** Makes a bearer token work, for a new business or an existing one. */
  mintToken(request: TokenRequest): ApiKey;
  /** Milliseconds since 1970 by the emulator's clock. */
  now(): number;
  advance(ms: number): void;
  /** The last requests to the API, oldest first, without tokens; JSON bodies are parsed. */
  requests(): LoggedRequest[];
  clearRequests(): void;
  /** @returns the id of the fault. @throws AtoaError kind usage for one that makes no sense */
  addFault(fault: string | Fault): number;
  faults(): (Fault & { id: number; hits: number })[];
  removeFault(id: number): boolean;
  clearFaults(): void;
  /** Back to the seed, with logs and faults cleared. Minted and regenerated tokens stay valid unless told otherwise. */
  reset(options?: { keepTokens?: boolean | undefined }): void;
}

export function createControls(context: {
  emulation: Emulation;
  log: RequestLog;
  faults: FaultList;
  deliveries: Deliveries;
  changed: () => Promise<void> | undefined;
}): Controls {
  const { emulation, log, faults, deliveries } = context;
  /** Lets the data file know; callers over HTTP wait for it, callers in this process need not. */
  const noted = <T>(result: T): T => {
    context.changed()?.catch(() => {});
    return result;
  };
  const payment = (id: string, where: Where): { business: Business; record: Payment } =>
    emulation.anywhere((business) => business.payment(id), where.environment, where.merchantId);
  return {
    pay(action, id, choice = {}) {
      emulation.agenda.catchUp();
      const { business, record } = payment(id, choice);
      if (action === "start") startPayment(emulation, business, record, choice);
      else if (action === "approve") approvePayment(emulation, business, record, choice);
      else if (action === "cancel") abandonPayment(emulation, business, record);
      else failPayment(emulation, business, record, emulation.clock.now(), choice.reason ?? "Declined by the bank");
      return noted({ id: record.id, status: record.status });
    },
    preparePayment(id, wish) {
      const { business, record } = payment(id, wish);
      preparePayment(emulation, business, record, wish);
      return noted({ id: record.id, status: record.status });
    },
    prepareRefund(id, status, where = {}) {
      const { business, record } = emulation.anywhere(
        (records) => records.refund(id),
        where.environment,
        where.merchantId,
      );
      prepareRefund(emulation, business, record, status, where.tell === true);
      return noted({ id: record.id, status: record.status });
    },
    consent(action, id, where = {}) {
      const { business, record } = emulation.anywhere(
        (records) => {
          const consent = records.consents.get(records.id(id));
          if (consent === undefined) throw notFound("Consent", "CONSENT_NOT_FOUND");
          return consent;
        },
        where.environment,
        where.merchantId,
      );
      if (action === "link") linkConsent(emulation, business, record);
      else endConsent(record, action === "expire" ? "EXPIRED" : "REVOKED");
      return noted({ id: record.id, status: record.status, accountIds: [...record.accountIds] });
    },
    setSigningSecret(secret = `whsec_${randomBytes(32).toString("base64")}`, where = {}) {
      emulation.business(where.environment ?? "sandbox", where.merchantId).signingSecret = secret;
      return noted(secret);
    },
    deliveries: () => deliveries.all(),
    deliveriesSettled: () => deliveries.settled(),
    mintToken: (request) => noted(emulation.mint(request)),
    now: () => emulation.clock.now(),
    advance: (ms) => noted(emulation.advance(ms)),
    requests: () => shown(emulation, log.all()),
    clearRequests: () => log.clear(),
    addFault: (fault) => faults.add(faultFrom(fault)),
    faults: () => faults.all(),
    removeFault: (id) => faults.remove(id),
    clearFaults: () => faults.clear(),
    reset({ keepTokens = true } = {}) {
      faults.clear();
      log.clear();
      deliveries.clear();
      noted(emulation.reset(keepTokens));
    },
  };
}

/** A copy of log entries with parsed bodies, and with any token that strayed into one replaced. */
export function shown(emulation: Emulation, requests: readonly LoggedRequest[]): LoggedRequest[] {
  const parsed = requests.map((request) => ("body" in request ? { ...request, body: parse(request.body) } : request));
  return JSON.parse(emulation.keys.scrub(JSON.stringify(parsed))) as LoggedRequest[];
}

function parse(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return body;
  }
}
