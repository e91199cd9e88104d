/**
 * What the emulator remembers. Plain data, so that it can be written to a file as it is.
 * Times are milliseconds since 1970, money is whole pence; answers turn them into text or pounds.
 */

import type {
  CaptureType,
  PaymentMethod,
  PaymentStatus,
  Delivery as PublicDelivery,
  RefundStatus,
  WebhookEvent,
} from "../handle";

export type {
  ApiKey,
  CaptureType,
  Environment,
  PaymentMethod,
  PaymentStatus,
  RefundStatus,
  WebhookEvent,
} from "../handle";

/** One try of a payer, or one charge of a saved card. */
export interface Attempt {
  /** `paymentIdempotencyId`: ATOA and digits. */
  reference: string;
  method: PaymentMethod;
  consumerId: string;
  consumerName: string | null;
  institutionId: string | null;
  cardId: string | null;
  /** Last four digits of a card that the payer typed in. */
  cardDigits: string | null;
  tip: number;
  startedAt: number;
  updatedAt: number;
  failure: string | null;
}

export interface Payment {
  id: string;
  orderId: string;
  amount: number;
  currency: string;
  status: PaymentStatus;
  createdAt: number;
  updatedAt: number;
  /** End of the request's life, or of a card authorisation; nothing ends when null. */
  expiresAt: number | null;
  /** Next moment at which something happens by itself. */
  dueAt: number | null;
  /** The merchant's own reference of the payer. */
  customerId: string | null;
  atoaCustomerId: string | null;
  storeId: string;
  methods: PaymentMethod[];
  redirectUrl: string | null;
  callbackParams: Record<string, unknown> | null;
  notes: string | null;
  institutionId: string | null;
  enableTips: boolean;
  allowRetry: boolean;
  splitBill: boolean;
  savePaymentMethod: boolean;
  payerName: string | null;
  /** Only for charges of saved cards. */
  captureType: CaptureType | null;
  /** Key that made it: its token signs the redirect. */
  sdkAccessId: string | null;
  attempt: Attempt | null;
  refundIds: string[] | null;
  /** The payout that has it; null until then. */
  payoutId: string | null;
}

/** A payment request as it begins; what is not said is empty, and both methods are offered. */
export function newPayment(
  fields: Pick<Payment, "id" | "orderId" | "amount" | "createdAt" | "storeId"> & Partial<Payment>,
): Payment {
  return {
    currency: "GBP",
    status: "PAYMENT_NOT_INITIATED",
    updatedAt: fields.createdAt,
    expiresAt: null,
    dueAt: null,
    customerId: null,
    atoaCustomerId: null,
    methods: ["PAY_BY_BANK", "CARD"],
    redirectUrl: null,
    callbackParams: null,
    notes: null,
    institutionId: null,
    enableTips: true,
    allowRetry: true,
    splitBill: false,
    savePaymentMethod: false,
    payerName: null,
    captureType: null,
    sdkAccessId: null,
    attempt: null,
    refundIds: null,
    payoutId: null,
    ...fields,
  };
}

export interface Refund {
  id: string;
  paymentId: string;
  reference: string;
  amount: number;
  status: RefundStatus;
  notes: string | null;
  createdAt: number;
  updatedAt: number;
  dueAt: number | null;
  /** The payout that it was taken off; null until then. */
  payoutId: string | null;
}

export interface Customer {
  id: string;
  fullName: string;
  email: string | null;
  type: "INDIVIDUAL" | "BUSINESS";
  phoneCountryCode: string | null;
  phoneNumber: string | null;
  address: string | null;
  city: string | null;
  postcode: string | null;
  vatNumber: string | null;
  createdAt: number;
}

export interface SavedCard {
  id: string;
  customerId: string;
  name: string;
  type: string;
  lastFourDigits: string;
  category: string;
  cardType: string;
  brand: string;
  country: string;
  recurrenceType: "unscheduled" | "recurring" | "installment";
  expiryDate: string;
}

export interface Store {
  id: string;
  locationName: string;
  addressLine1: string;
  addressLine2: string | null;
  addressPostalCode: string;
  cityOrTown: string;
  primary: boolean;
  enabled: boolean;
}

export interface Webhook {
  id: string;
  /** Which API registered it: v1 has one event a webhook, v2 several. Deliveries are the same. */
  version: 1 | 2;
  url: string;
  events: WebhookEvent[];
  description: string | null;
  authentication: WebhookAuthentication | null;
  /** Its token makes the v1 signature. */
  sdkAccessId: string;
  seeded: boolean;
  /** Attempts that failed since the last that did not. */
  failureCount: number;
  lastDeliveredAt: number | null;
}

/** A webhook as it begins. */
export function newWebhook(fields: Pick<Webhook, "id" | "url" | "events"> & Partial<Webhook>): Webhook {
  return {
    version: 1,
    description: null,
    authentication: null,
    sdkAccessId: "",
    seeded: false,
    failureCount: 0,
    lastDeliveredAt: null,
    ...fields,
  };
}

export type WebhookAuthentication =
  | { username: string; password: string }
  | { clientId: string; clientSecret: string; authUrl: string };

export interface Consent {
  id: string;
  status: "LINKING" | "ACTIVE" | "EXPIRED" | "REVOKED";
  redirectUrl: string;
  callbackParams: string | Record<string, unknown> | null;
  createdAt: number;
  dueAt: number | null;
  accountIds: string[];
}

export interface BankAccount {
  id: string;
  consentId: string;
  bankName: string;
  accountNumber: string;
  sortCode: string;
  balance: number;
  revoked: boolean;
}

export interface BankTransaction {
  id: string;
  accountId: string;
  date: number;
  type: "CREDIT" | "DEBIT";
  amount: number;
  description: string;
  reference: string | null;
  merchantName: string | null;
  category: string;
  status: "BOOKED" | "PENDING";
  party: { name: string; sortCode: string; accountNumber: string };
  balance: number;
}

export interface Payout {
  id: string;
  reference: string;
  amount: number;
  status: "PENDING" | "COMPLETED";
  createdAt: number;
  dueAt: number | null;
  items: PayoutItem[];
}

export interface PayoutItem {
  paymentId: string;
  refundId: string | null;
  amount: number;
}

/** One event on its way to one target. Plain data, for the data file. */
export interface Delivery extends PublicDelivery {
  /** Since when it is tried: its making, or the last time it was sent again by hand. */
  begunAt: number;
  /** How often it was tried since then. */
  tries: number;
}

/** What came of one attempt: the status, or why there was none. */
export type Outcome = Omit<PublicDelivery["attempts"][number], "at">;
