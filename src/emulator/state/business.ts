import type { PosFacts } from "../../webhooks/bodies";
import { choices } from "../choices";
import { EmulatorError, notFound } from "../emulator-error";
import type {
  BankAccount,
  BankTransaction,
  Consent,
  Customer,
  Delivery,
  Environment,
  Payment,
  Payout,
  Refund,
  SavedCard,
  Store,
  Webhook,
  WebhookEvent,
} from "./records";

/** Something that comes due on the agenda. */
export type DueSubject =
  | { kind: "payment" | "refund" | "consent" | "payout"; business: Business; id: string }
  | { kind: "payday"; business: Business }
  | { kind: "delivery"; delivery: Delivery };

/** What a lifecycle or the test trigger tells the outside: the webhooks listen. */
export interface StatusEvent {
  event: WebhookEvent;
  business: Business;
  payment: Payment;
  refund?: Refund | undefined;
  /** Only in POS_PAYMENT_STATUS, and only from the test trigger: the emulator has no card terminal. */
  pos?: PosFacts | undefined;
  /** Whether the seeded example hears of it too, where nobody listens. */
  test?: boolean | undefined;
  at: number;
}

/** What a business needs of the world around it. */
export interface World {
  /** Milliseconds since 1970. */
  now(): number;
  /** An id for a new record. */
  newId(): string;
  /** Puts something on the agenda. */
  due(at: number, subject: DueSubject): void;
  /** Called for every status that a webhook may tell. */
  tell(event: StatusEvent): void;
  /** Gives a consent that was just agreed to its bank accounts, with a past that ends at `until`. */
  openAccounts(business: Business, consent: Consent, until: number): void;
}

/** The collections of a business that are written to the data file. */
const collections = [
  "payments",
  "refunds",
  "customers",
  "cards",
  "stores",
  "webhooks",
  "consents",
  "accounts",
  "bankTransactions",
  "payouts",
] as const;

/** What `toJSON` gives. */
export type SavedBusiness = {
  environment: Environment;
  merchantId: string;
  name: string;
  signingSecret: string | null;
  lastReference: number;
  paydayAt: number | null;
  aliases: [string, string][];
} & Record<(typeof collections)[number], { id: string }[]>;

/** All records of one business in one environment. Two environments share nothing. */
export class Business {
  readonly payments = new Map<string, Payment>();
  readonly refunds = new Map<string, Refund>();
  readonly customers = new Map<string, Customer>();
  readonly cards = new Map<string, SavedCard>();
  readonly stores = new Map<string, Store>();
  readonly webhooks = new Map<string, Webhook>();
  readonly consents = new Map<string, Consent>();
  readonly accounts = new Map<string, BankAccount>();
  readonly bankTransactions = new Map<string, BankTransaction>();
  readonly payouts = new Map<string, Payout>();
  /** Short ids such as cust_123, and the real ids behind them. */
  readonly aliases = new Map<string, string>();
  /** `whsec_…`: with it, all deliveries are signed the v2 way. */
  signingSecret: string | null = null;
  /** When what was taken is paid out next; null while nothing waits. */
  paydayAt: number | null = null;
  #lastReference = 0;
  /** Payments with callback parameters, oldest first, and how many bytes those are. */
  readonly #withCallback: Payment[] = [];
  #callbackBytes = 0;

  readonly #world: World;

  constructor(
    readonly environment: Environment,
    readonly merchantId: string,
    public name: string,
    world: World,
  ) {
    this.#world = world;
  }

  now(): number {
    return this.#world.now();
  }

  /** Keeps a payment that was just made. What its caller wants back is the one thing in it that can be large. */
  keep(payment: Payment): void {
    this.payments.set(payment.id, payment);
    if (payment.callbackParams === null) return;
    this.#withCallback.push(payment);
    this.#callbackBytes += callbackBytes(payment);
    while (this.#callbackBytes > choices.callbackBytesKept) {
      const oldest = this.#withCallback.shift();
      if (oldest === undefined) return;
      this.#callbackBytes -= callbackBytes(oldest);
      oldest.callbackParams = null;
    }
  }

  newId(): string {
    return this.#world.newId();
  }

  /** Puts on the agenda what time does to a record of this business, or its next payday. */
  due(at: number, kind: "payment" | "refund" | "consent" | "payout", id: string): void {
    this.#world.due(at, { kind, business: this, id });
  }

  payOutAt(at: number): void {
    this.paydayAt = at;
    this.#world.due(at, { kind: "payday", business: this });
  }

  tell(event: Omit<StatusEvent, "business">): void {
    this.#world.tell({ ...event, business: this });
  }

  openAccounts(consent: Consent, until: number): void {
    this.#world.openAccounts(this, consent, until);
  }

  /** The real id behind a short one, or the id itself. */
  id(id: string): string {
    return this.aliases.get(id) ?? id;
  }

  payment(id: string): Payment {
    return this.#find(this.payments, id, "Payment request", "PAYMENT_REQUEST_NOT_FOUND");
  }

  refund(id: string): Refund {
    return this.#find(this.refunds, id, "Refund", "REFUND_NOT_FOUND");
  }

  customer(id: string): Customer {
    return this.#find(this.customers, id, "Customer", "CUSTOMER_NOT_FOUND");
  }

  /** The two APIs do not see each other's. */
  webhook(id: string, version: 1 | 2): Webhook {
    const webhook = this.#find(this.webhooks, id, "Webhook", "WEBHOOK_NOT_FOUND");
    if (webhook.version !== version) throw notFound("Webhook", "WEBHOOK_NOT_FOUND");
    return webhook;
  }

  webhooksFor(event: WebhookEvent): Webhook[] {
    return [...this.webhooks.values()].filter(({ events }) => events.includes(event));
  }

  payout(id: string): Payout {
    return this.#find(this.payouts, id, "Payout", "PAYOUT_NOT_FOUND");
  }

  /** The card of a customer; another customer's card is not found. */
  card(customerId: string, cardId: string): SavedCard {
    const card = this.cards.get(this.id(cardId));
    if (card === undefined || card.customerId !== customerId) throw notFound("Saved card", "CARD_NOT_FOUND");
    return card;
  }

  /** The store to book under: the one asked for when it exists and is enabled, otherwise the primary one (documented). */
  storeFor(id: string | undefined): Store {
    const asked = id === undefined ? undefined : this.stores.get(this.id(id));
    if (asked?.enabled) return asked;
    for (const store of this.stores.values()) if (store.primary) return store;
    throw new EmulatorError("broken", "The business has no primary store");
  }

  /** A new transaction reference: ATOA and 13 digits, never the same twice. */
  reference(now: number): string {
    this.#lastReference = Math.max(this.#lastReference + 1, now);
    return `ATOA${this.#lastReference}`;
  }

  /** Everything, as plain data. */
  toJSON(): Record<string, unknown> {
    return {
      environment: this.environment,
      merchantId: this.merchantId,
      name: this.name,
      signingSecret: this.signingSecret,
      lastReference: this.#lastReference,
      paydayAt: this.paydayAt,
      aliases: [...this.aliases],
      ...Object.fromEntries(collections.map((name) => [name, [...this[name].values()]])),
    };
  }

  static restore(saved: SavedBusiness, world: World): Business {
    const business = new Business(saved.environment, saved.merchantId, saved.name, world);
    business.paydayAt = saved.paydayAt;
    business.signingSecret = saved.signingSecret;
    business.#lastReference = saved.lastReference;
    for (const [alias, id] of saved.aliases) business.aliases.set(alias, id);
    for (const name of collections) {
      const records = business[name] as Map<string, { id: string }>;
      for (const record of saved[name]) records.set(record.id, record);
    }
    return business;
  }

  #find<T>(records: ReadonlyMap<string, T>, id: string, what: string, name: string): T {
    const record = records.get(this.id(id));
    if (record === undefined) throw notFound(what, name);
    return record;
  }
}

function callbackBytes({ callbackParams }: Payment): number {
  return JSON.stringify(callbackParams).length;
}
