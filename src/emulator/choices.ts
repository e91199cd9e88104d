/**
 * Everything the emulator decides on its own, because the public documents of the Atoa API do not say it.
 * One name a decision; a test that relies on one reads it from here. Times are milliseconds.
 *
 * Accepted without effect: autoRedirect, strictExpiry and splitBill of a payment request, and bodies of operations that have none.
 *
 * Seven that are no value to read, because another would be another program:
 * - The sandbox cannot cancel refunds at the real service; here both environments can, so that it can be tried.
 * - A payment stays COMPLETED when all of it has been refunded: REFUNDED is named by one SDK only.
 * - Only responses that changed something (2xx) are remembered under an Idempotency-Key: a refused request may be corrected under its key.
 * - Transactions list every payment request that a payer or a card charge has moved, and leave out the untouched ones.
 * - Webhooks go to this machine only, so that a test never reaches a stranger; other targets are logged as not sent.
 * - The list of a consent's accounts shows no account ids, as the documented sample: they arrive on the redirect.
 * - Revoking bank access without naming one revokes every consent of the business.
 */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What an amount does: stay PENDING first, fail for a reason, or both. */
export interface MagicAmount {
  settles?: "later";
  fails?: string;
}

export const choices = {
  /** `expiresIn` when a payment request does not give one: three minutes (an older page says so). */
  paymentLifetime: 3 * minute,
  /** A saved-card charge answers PENDING at first; the card network decides this much later. */
  cardNetworkDelay: 1 * second,
  /** The network declines charges of saved cards that end in these digits, as test cards do. */
  decliningCardDigits: "0002",
  /** How long a payment stays PENDING when a payer approves "with the bank still busy". */
  bankSettlementDelay: 2 * minute,
  /** An authorised card payment can be captured for seven days. */
  authorisationLifetime: 7 * day,
  /** At the end of that time MANUAL_CAPTURE is released (CANCELLED), CAPTURE_BEFORE_EXPIRY is taken (COMPLETED). */
  atAuthorisationEnd: { MANUAL_CAPTURE: "CANCELLED", CAPTURE_BEFORE_EXPIRY: "COMPLETED" },
  /** A refund is INITIATED, then PENDING after a minute, then COMPLETED half an hour after the request. */
  refundPendingAfter: 1 * minute,
  refundCompletedAfter: 30 * minute,
  /** The link to the bank consent page lives an hour, the consent itself 90 days (documented). */
  consentLinkLifetime: 1 * hour,
  consentLifetime: 90 * day,
  /** A record that exists in the other environment of the same business: the token is of the wrong environment. */
  otherEnvironment: { kind: "unauthorized", name: "ENVIRONMENT_MISMATCH" },
  /** How long an Idempotency-Key is remembered, and how many at most a key (the oldest go first). */
  idempotencyLifetime: 1 * day,
  idempotencyKeysRemembered: 10_000,
  /** The same Idempotency-Key with another method, path or body. */
  idempotencyConflict: { kind: "key-reused", name: "IDEMPOTENCY_KEY_REUSED" },
  /** A payer who gives up on the bank's page leaves the request as if never started (seen in a public test suite). */
  statusAfterPayerCancels: "PAYMENT_NOT_INITIATED",
  /** What the shop is told of it on the redirect. */
  statusToldWhenPayerCancels: "CANCELLED",
  /** The hosted page takes at most £15,000, in pence (seen in a public test suite); each bank has its own limit too. */
  hostedPageMost: 1_500_000,
  /** Tips that the hosted page offers, in pence. */
  tipsOffered: [100, 200, 500],
  /** `status` on the way back from the bank consent page: the older guide names SUCCESS, the others are ours. */
  consentReturnStatus: { ACTIVE: "SUCCESS", REVOKED: "CANCELLED", EXPIRED: "EXPIRED" },
  /** The largest page that is served; a larger size gets this many, and the answer says so. */
  largestPage: 100,
  /** Schemes that a redirectUrl or webhook must not have: they run or read something on the payer's machine. */
  forbiddenSchemes: ["javascript", "data", "vbscript", "blob", "file", "about", "filesystem", "view-source"],
  /** At most so many webhooks for an event (documented); those of the v1 API are taken to count among them. */
  webhooksPerEvent: { most: 3, kind: "bad-request", name: "WEBHOOK_LIMIT_REACHED" },
  /** What the events are called in answers of the v2 API; the last name is ours. */
  eventLabels: {
    PAYMENTS_STATUS: "Payment Status",
    EXPIRED_STATUS: "Expired Status",
    REFUND_STATUS: "Refund Status",
    POS_PAYMENT_STATUS: "POS Payment Status",
  },
  /** A second v1 webhook for an event that has one is refused; only the seeded example (wh_123) gives way. */
  secondWebhookForEvent: { kind: "bad-request", name: "WEBHOOK_EVENT_TAKEN" },
  /** The test trigger with a production token, and for an event without a webhook. */
  triggerWithProductionToken: { kind: "forbidden", name: "SANDBOX_ONLY" },
  /** POS_PAYMENT_STATUS without a signing secret. */
  posNeedsSigningSecret: { kind: "bad-request", name: "SIGNING_KEY_REQUIRED" },
  /** A webhook target has this long to answer. */
  webhookTimeLimit: 10 * second,
  /** So many attempts of a delivery are kept, and of what the target answered last so many characters. */
  webhookAttemptsKept: 50,
  webhookResponseKept: 2_000,
  /** Gaps between delivery attempts double from here up to the cap, and end after 24 hours (the end is documented). */
  webhookFirstRetry: 30 * second,
  webhookLongestGap: 2 * hour,
  webhookGiveUpAfter: 24 * hour,
  /** Records stay until a reset; only callback parameters, which can be large, are given up beyond a bound, the oldest first. */
  callbackBytesKept: 64 * 1024 * 1024,
  /** Bounded are the logs of deliveries and requests too, and how many faults and tokens there may be. */
  deliveriesRemembered: 10_000,
  deliveryBytesRemembered: 64 * 1024 * 1024,
  requestsRemembered: 1_000,
  faultsArmed: 1_000,
  tokensMinted: 10_000,
  requestBytesRemembered: 8 * 1024 * 1024,
  /** Largest request body. */
  largestBody: 1024 * 1024,
  /** The seeded history ends at this time of the day before the emulator's clock starts, and is this long. */
  historyEndsAt: 18 * hour,
  historyLength: 90 * day,
  /** What was completed by midnight is paid out the next day at this time (UTC), and reaches the bank a little later. */
  payoutTime: 6.5 * hour,
  payoutSettlesAfter: 2 * hour,
  /** Amounts in pence at which a payment or a charge does something else than succeed, once it is approved; docs/emulator.md lists them. */
  magicAmounts: {
    101: { fails: "Declined by the bank" },
    102: { fails: "Insufficient funds" },
    103: { fails: "The payer did not confirm in time" },
    104: { settles: "later" },
    105: { settles: "later", fails: "Declined by the bank" },
  } as Readonly<Record<number, MagicAmount>>,
  /** A refund of this amount, in pence, ends as FAILED. */
  failingRefund: 106,
} as const;
