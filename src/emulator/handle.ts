/**
 * `@atoapayments/atoa-cli/emulator`: a local, stateful Atoa API inside a test. This file is the reference; it stands in the package as
 * dist/emulator/index.d.ts. Times are milliseconds since 1970 unless they are text (then ISO 8601), money is whole pence.
 *
 *     import { startEmulator } from "@atoapayments/atoa-cli/emulator";
 *
 *     await using atoa = await startEmulator({ webhook: { url: "http://127.0.0.1:3000/hooks" } });
 *     const pay = await checkout(atoa.origin, atoa.tokens.sandbox); // your code, by HTTP
 *     atoa.approve(pay.paymentRequestId);
 *     await atoa.deliveriesSettled();
 */

export type Environment = "sandbox" | "production";
export type PaymentMethod = "PAY_BY_BANK" | "CARD";
export type CaptureType = "AUTO_CAPTURE" | "MANUAL_CAPTURE" | "CAPTURE_BEFORE_EXPIRY";
export type WebhookEvent = "PAYMENTS_STATUS" | "EXPIRED_STATUS" | "REFUND_STATUS" | "POS_PAYMENT_STATUS";
export type RefundStatus = "INITIATED" | "PENDING" | "COMPLETED" | "FAILED" | "CANCELLED";
export type PaymentStatus =
  | "PAYMENT_NOT_INITIATED"
  | "AWAITING_AUTHORIZATION"
  | "PENDING"
  | "AUTHORIZED"
  | "COMPLETED"
  | "FAILED"
  | "CANCELLED"
  | "EXPIRED";

/** Why a call throws: `unavailable` is a port or a file that cannot be used, `broken` a fault of the emulator itself. */
export type EmulatorErrorKind =
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "too-large"
  | "misdirected"
  | "key-reused"
  | "unavailable"
  | "broken";

export interface EmulatorOptions {
  /** 0 or nothing takes a free one. */
  port?: number | undefined;
  /** 127.0.0.1 when left out. A wider one lets other machines reach the API, but not the control API. */
  host?: string | undefined;
  /** Where to keep the state; in memory only when left out. */
  dataFile?: string | undefined;
  /** A file that `snapshot` made: what to begin with. A data file that exists already wins over it. */
  fixtures?: string | undefined;
  /** The same text gives the same business, ids and tokens; "atoa" when left out. */
  seed?: string | undefined;
  /** Past payments of each business; 300 when left out. */
  transactions?: number | undefined;
  /** Starts now when `startAt` is left out (ISO 8601 text or milliseconds); a frozen one stands still but for `advance`. */
  clock?: { startAt?: string | number | undefined; frozen?: boolean | undefined } | undefined;
  /** `sequential` counts new ids up from 00000000-0000-4000-8000-000000000001, for tests that compare with a stored text. */
  ids?: "random" | "sequential" | undefined;
  /** Refuses what the OpenAPI file does not name: body fields, query parameters, content types. */
  strict?: boolean | undefined;
  /** A URL that gets every event of the sandbox, and the secret (`whsec_…`) that signs them the v2 way. */
  webhook?: { url: string; signingSecret?: string | undefined } | undefined;
  /** Faults that are on from the start, as text or objects. */
  faults?: readonly (string | Fault)[] | undefined;
  /** Names of machines that belong to the test, a container's for example: they may call the emulator and get webhooks. */
  allowedHosts?: readonly string[] | undefined;
  /** Lets callers from other machines reach the control API, with this as bearer token or Basic password. */
  controlToken?: string | undefined;
  /** Called once for each exchange with the API, before its answer goes out. */
  onRequest?: ((request: LoggedRequest) => void) | undefined;
  /** Called after each attempt of a delivery. */
  onDelivery?: ((delivery: Delivery) => void) | undefined;
}

/** Which business to look in, for ids that several have: the short ids of the README. The seeded sandbox first, when left out. */
export interface Where {
  environment?: Environment | undefined;
  merchantId?: string | undefined;
}

/** What a customer may decide beside yes and no. */
export interface PayerChoice extends Where {
  method?: PaymentMethod | undefined;
  institutionId?: string | undefined;
  /** Last four digits of a card; 0002 is declined. */
  cardDigits?: string | undefined;
  payerName?: string | undefined;
  /** Whole pence on top, where tips are enabled; what was chosen before stays when this is left out. */
  tip?: number | undefined;
  /** "later" leaves an approved payment PENDING for two minutes, as a slow bank does. */
  settle?: "now" | "later" | undefined;
  /** Why the bank declines. */
  reason?: string | undefined;
}

export interface PreparedPayment extends Where {
  status: PaymentStatus;
  /** Makes it a charge of a saved card; AUTHORIZED means MANUAL_CAPTURE when it is left out. */
  captureType?: CaptureType | undefined;
  method?: PaymentMethod | undefined;
}

export interface PreparedRefund extends Where {
  status: RefundStatus;
  /** Sends the webhook of a final state. */
  tell?: boolean | undefined;
}

/** A payment request as the emulator keeps it. */
export interface PaymentRecord {
  id: string;
  orderId: string;
  /** Pence. */
  amount: number;
  currency: string;
  status: PaymentStatus;
  createdAt: number;
  updatedAt: number;
  expiresAt: number | null;
  environment: Environment;
  merchantId: string;
  refundIds: string[] | null;
  /** The payout that has it; null until then. */
  payoutId: string | null;
  /** The last try of a customer. */
  attempt: {
    reference: string;
    method: PaymentMethod;
    consumerName: string | null;
    tip: number;
    failure: string | null;
  } | null;
}

export interface Fault {
  /** Upper case, or * for any. */
  method: string;
  /** A path of the API; `*` and `{name}` stand for one segment, a last `**` for the rest. */
  path: string;
  kind:
    | "status"
    | "reset-before-commit"
    | "reset-after-commit"
    | "hang"
    | "hang-after-commit"
    | "slow-drip"
    | "broken-json"
    /** An error that repeats the caller's token: for tests that nothing shows it. */
    | "echo-token"
    | "latency";
  /** HTTP status, with kind `status`. */
  status?: number;
  /** Body of that response: an object, or text that is sent as it is. */
  body?: unknown;
  /** Value of the Retry-After header: seconds, or a date as text. */
  retryAfter?: string;
  /** Milliseconds to wait first. */
  latency?: number;
  /** How many requests it hits; all, when missing. */
  times?: number;
  /** How many matching requests pass unharmed before. */
  skip?: number;
  /** Hits only requests with a token of this business; those of all, when missing. */
  merchantId?: string;
}

/** One request to the API, without its token. */
export interface LoggedRequest {
  /** Counts from 1 since the start or the last clearing. */
  number: number;
  at: string;
  requestId: string;
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  /** Lower-case names; `authorization` is left out. */
  headers: Record<string, string>;
  /** Parsed when it is JSON, otherwise text; missing when there was none. Over HTTP passwords of webhooks are `<redacted>`. */
  body?: unknown;
  /** `sdkAccessId` of the key whose token it carried; null for none or an unknown one. */
  sdkAccessId: string | null;
  environment: Environment | null;
  /** The Idempotency-Key header; null without one. */
  idempotencyKey: string | null;
  /** Status of the response; null when there was none. */
  status: number | null;
  /** Whether the response was that of an earlier request with the same Idempotency-Key. */
  replayed: boolean;
  /** How long the response took, in milliseconds; null when there was none. */
  ms: number | null;
}

/** How often an operation of the API was called. */
export interface OperationUse {
  operationId: string;
  method: string;
  /** With {braces}, as in the OpenAPI file. */
  path: string;
  calls: number;
  /** How often each status was the response; `none` counts where there was no response. */
  statuses: Record<string, number>;
}

/** One event on its way to one URL. */
export interface Delivery {
  id: string;
  event: WebhookEvent;
  url: string;
  webhookId: string;
  environment: Environment;
  merchantId: string;
  /** The very text that is sent. */
  body: string;
  /** The X-Atoa-Signature header (v2); null where the body carries the signature (v1). */
  signature: string | null;
  state: "WAITING" | "DELIVERED" | "GIVEN_UP" | "NOT_SENT";
  createdAt: number;
  /** When it is tried next; null when it is over. */
  dueAt: number | null;
  /** The last attempts, oldest first. */
  attempts: {
    at: string;
    /** What the receiver answered; null when it did not. */
    status: number | null;
    error?: string;
    ms: number;
    /** The beginning of what it answered, of the last attempt only. */
    response?: string;
  }[];
}

export interface TokenRequest extends Where {
  environment: Environment;
  /** Made up when left out. */
  token?: string | undefined;
  sdkAccessId?: string | undefined;
  /** A new id makes a new business, with a past of its own: one for each parallel test. */
  merchantId?: string | undefined;
  businessName?: string | undefined;
}

export interface ApiKey {
  sdkAccessId: string;
  token: string;
  environment: Environment;
  merchantId: string;
  revoked: boolean;
}

/** Everything there is, as plain data. */
export type Snapshot = Record<string, unknown>;

/**
 * Everything a test may do to the emulator from outside the API.
 * All of it throws EmulatorError (kind `not-found` or `bad-request`) for an id that nobody has and where a state does not allow it.
 */
export interface Controls {
  /** The customer chooses a bank or a card. */
  start(paymentRequestId: string, choice?: PayerChoice): { id: string; status: PaymentStatus };
  /** The customer approves: COMPLETED, unless the amount or card is one that fails. */
  approve(paymentRequestId: string, choice?: PayerChoice): { id: string; status: PaymentStatus };
  /** The bank declines: FAILED. */
  decline(paymentRequestId: string, choice?: PayerChoice): { id: string; status: PaymentStatus };
  /** The customer gives up on the bank's page. */
  cancel(paymentRequestId: string, where?: Where): { id: string; status: PaymentStatus };
  /** A copy of a payment request. */
  payment(id: string, where?: Where): PaymentRecord;
  /** Copies of the payment requests that match, newest first. */
  payments(
    filter?: Where & { orderId?: string | undefined; status?: PaymentStatus | undefined; limit?: number | undefined },
  ): PaymentRecord[];
  /** Puts a payment into a state, past the ways that lead there; no webhook is sent. */
  preparePayment(id: string, wish: PreparedPayment): { id: string; status: PaymentStatus };
  /** The same for a refund. */
  prepareRefund(id: string, wish: PreparedRefund): { id: string; status: RefundStatus };
  /** Plays the holder of a bank account: agrees to a consent, or lets it end. */
  consent(
    action: "link" | "expire" | "revoke",
    accountAuthId: string,
    where?: Where,
  ): { id: string; status: string; accountIds: string[] };
  /** Registers a URL for several events (all but POS_PAYMENT_STATUS when left out), in the place of those that have them. @returns their ids */
  addWebhook(url: string, options?: Where & { events?: readonly WebhookEvent[] | undefined }): { webhookIds: string[] };
  /** Signs all deliveries of a business the v2 way: with a secret (`whsec_…`, made up when left out); null ends it. @returns the secret */
  setSigningSecret(secret?: string | null, where?: Where): string | null;
  /** Every webhook delivery, oldest first. */
  deliveries(): Delivery[];
  /** Sends the same bytes once more. */
  resend(deliveryId: string): Delivery;
  /** Resolves when no delivery is on its way and none is due by now. */
  deliveriesSettled(): Promise<void>;
  /** Makes a bearer token work, for a new business or an existing one. */
  mintToken(request: TokenRequest): ApiKey;
  /** The emulator's time. */
  now(): number;
  /** Time passes: milliseconds, or "30m", "1h30m", "2d". Payments expire, refunds complete, payouts are made, webhooks are sent again. */
  advance(time: string | number): void;
  /** The last requests to the API, oldest first. */
  requests(): LoggedRequest[];
  clearRequests(): void;
  /** Every operation of the API, in the order of its OpenAPI file, with its calls since the start or `clearOperations`; a reset keeps them. */
  operations(): OperationUse[];
  clearOperations(): void;
  /** Switches a fault on: "POST /api/refund reset-after-commit 1", or the same as an object. @returns its number */
  fault(fault: string | Fault): number;
  /** Several, as a text with one a line, or as JSON; all or none. @returns their numbers */
  addFaults(text: string): number[];
  faults(): (Fault & { id: number; hits: number })[];
  removeFault(id: number): boolean;
  clearFaults(): void;
  /** Everything there is, for `restore`, for a file that `fixtures` names, or to look at. */
  snapshot(): Snapshot;
  /** Puts a snapshot in the place of everything but logs and faults. */
  restore(snapshot: Snapshot): void;
  /**
   * Back to the seed, or to the `fixtures` it began with; logs and faults are cleared, the webhook of the options is registered again.
   * Minted and rotated tokens stay valid unless told otherwise; revoked ones come back. With `merchantId` one business only, in both
   * environments: its records, deliveries, requests, faults and tokens; the clock and all other businesses go on.
   */
  reset(options?: { keepTokens?: boolean | undefined; merchantId?: string | undefined }): void;
}

export interface Emulator extends Controls {
  /** `http://127.0.0.1:4010`: the base of the API, for ATOA_BASE_URL. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** Bearer tokens that work now, one for each environment: they follow a rotation, a revocation and a reset. */
  readonly tokens: { readonly sandbox: string; readonly production: string };
  readonly merchantId: string;
  readonly businessName: string;
  /** Answers a request within this process, without a socket: `atoa.fetch("/api/payments/stores", { headers })`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Stops it: connections are cut, nothing keeps the process alive, the data file is complete. */
  close(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
