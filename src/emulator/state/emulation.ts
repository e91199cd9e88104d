import { createHash, randomUUID } from "node:crypto";
import { environments } from "../../environments";
import { choices } from "../choices";
import { badRequest, EmulatorError, notFound } from "../emulator-error";
import type { TokenRequest } from "../handle";
import { Agenda } from "./agenda";
import { Business, type DueSubject, type SavedBusiness, type StatusEvent, type World } from "./business";
import { seededUuid } from "./chance";
import { Clock, type ClockOptions, startOfDay } from "./clock";
import { IdempotencyMemory } from "./idempotency";
import { Keys, newToken, seededToken } from "./keys";
import type { ApiKey, Environment } from "./records";

const day = 86_400_000;

/** The records to which time does something, by what the agenda calls them. */
const timed = { payment: "payments", refund: "refunds", consent: "consents", payout: "payouts" } as const;

export interface EmulationOptions {
  seed: string;
  clock?: ClockOptions | undefined;
  /** Gives a new business its past, which ends at `until`. */
  fill: (business: Business, until: number) => void;
  openAccounts: World["openAccounts"];
  /** New ids count up instead of being random. */
  sequentialIds?: boolean | undefined;
}

/** What `toJSON` gives. */
export interface SavedEmulation {
  seed: string;
  startedAt: number;
  idsGiven: number;
  clock: { frozen: boolean; offset: number };
  keys: ApiKey[];
  names: [string, string][];
  idempotency: Parameters<IdempotencyMemory["restore"]>[0];
  businesses: SavedBusiness[];
}

/** The whole state: businesses, keys, time. It knows no HTTP. */
export class Emulation implements World {
  readonly seed: string;
  readonly keys = new Keys();
  readonly idempotency = new IdempotencyMemory();
  readonly businesses = new Map<string, Business>();
  clock: Clock;
  agenda: Agenda<DueSubject>;
  /** Called for every status that a webhook may tell; set by the deliveries. */
  onStatus: (event: StatusEvent) => void = () => {};
  /** Called for whatever falls due; set by who starts the emulation. */
  onDue: (subject: DueSubject, at: number) => void = () => {};
  /** A snapshot that the emulator began with: a reset leads back to it, and to the seed where there is none. */
  beginning: SavedEmulation | undefined;
  readonly #names = new Map<string, string>();
  readonly #clockOptions: ClockOptions;
  readonly openAccounts: World["openAccounts"];
  readonly #fill: EmulationOptions["fill"];
  readonly #sequential: boolean;
  #idsGiven = 0;
  /** The seeded past of every business ends on the day before. */
  #startedAt: number;

  constructor(options: EmulationOptions) {
    this.seed = options.seed;
    this.#clockOptions = options.clock ?? {};
    this.#fill = options.fill;
    this.openAccounts = options.openAccounts;
    this.#sequential = options.sequentialIds === true;
    this.clock = new Clock(this.#clockOptions);
    this.#startedAt = this.clock.now();
    this.agenda = this.#newAgenda();
    this.#addFirstKeys();
  }

  /** Id of the business that the seed makes. */
  get merchantId(): string {
    return seededUuid(this.seed, "merchant");
  }

  /** The records of a business in an environment, seeded when they are first asked for. */
  business(environment: Environment, merchantId = this.merchantId): Business {
    const key = `${merchantId} ${environment}`;
    let business = this.businesses.get(key);
    if (business === undefined) {
      business = new Business(environment, merchantId, this.nameOf(merchantId), this);
      this.businesses.set(key, business);
      this.#fill(business, startOfDay(this.#startedAt) - day + choices.historyEndsAt);
    }
    return business;
  }

  /** One name for both environments. */
  nameOf(merchantId: string): string {
    return this.#names.get(merchantId) ?? "Rosewood Market";
  }

  businessOf(key: ApiKey): Business {
    return this.business(key.environment, key.merchantId);
  }

  /** Makes a token, for a new business or for one that exists. */
  mint(request: TokenRequest): ApiKey {
    const merchantId = request.merchantId ?? this.merchantId;
    if (this.keys.size >= choices.tokensMinted) throw badRequest("There are too many tokens already");
    const token = request.token ?? newToken(request.environment);
    if (!/^[\x21-\x7e]{1,8192}$/.test(token)) throw badRequest("token must be visible ASCII");
    if (request.businessName !== undefined) {
      this.#names.set(merchantId, request.businessName);
      for (const business of this.businesses.values()) {
        if (business.merchantId === merchantId) business.name = request.businessName;
      }
    }
    return this.keys.add({
      sdkAccessId: request.sdkAccessId ?? `sda_${createHash("sha256").update(token).digest("hex").slice(0, 16)}`,
      token,
      environment: request.environment,
      merchantId,
      revoked: false,
    });
  }

  /**
   * Finds a record, and tells the wrong environment from a record that does not exist.
   * @throws EmulatorError
   */
  inEnvironment<T>(business: Business, id: string, find: (business: Business, id: string) => T): T {
    // Every business has the short ids, so these belong to no other environment: the sister is asked for the real one.
    const real = business.id(id);
    try {
      return find(business, real);
    } catch (error) {
      if (!(error instanceof EmulatorError) || error.kind !== "not-found") throw error;
      const other = business.environment === "sandbox" ? "production" : "sandbox";
      const sister = this.business(other, business.merchantId);
      if (found(() => find(sister, real)) === undefined) throw error;
      const { kind, name } = choices.otherEnvironment;
      throw new EmulatorError(kind, `This id belongs to ${other}, but the token to ${business.environment}`, name);
    }
  }

  now(): number {
    return this.clock.now();
  }

  newId(): string {
    if (!this.#sequential) return randomUUID();
    this.#idsGiven += 1;
    return `00000000-0000-4000-8000-${String(this.#idsGiven).padStart(12, "0")}`;
  }

  due(at: number, subject: DueSubject): void {
    this.agenda.add(at, subject);
  }

  tell(event: StatusEvent): void {
    this.onStatus(event);
  }

  /** Looks through all businesses, the seeded sandbox first: for the payer, who has no token. */
  anywhere<T>(
    find: (business: Business) => T,
    environment?: Environment,
    merchantId?: string,
  ): { business: Business; record: T } {
    if (merchantId === undefined) for (const name of environments) this.business(name);
    for (const business of this.businesses.values()) {
      if (environment !== undefined && business.environment !== environment) continue;
      if (merchantId !== undefined && business.merchantId !== merchantId) continue;
      const record = found(() => find(business));
      if (record !== undefined) return { business, record };
    }
    throw notFound("Record");
  }

  /** Every business there is, those of the seed included. */
  all(): Business[] {
    for (const environment of environments) this.business(environment);
    return [...this.businesses.values()];
  }

  /** Moves time and does what falls due on the way. */
  advance(ms: number): void {
    this.clock.advance(ms);
    this.agenda.clockMoved();
  }

  /** Back to the beginning. Tokens that were minted stay valid when asked, so that paired profiles keep working. */
  reset(keepKeys: boolean): void {
    // A key that was revoked comes back with the beginning, or not at all.
    const kept = keepKeys ? this.keys.all().filter(({ revoked }) => !revoked) : [];
    const names = keepKeys ? [...this.#names] : [];
    if (this.beginning === undefined) {
      this.#clear();
      this.#addFirstKeys();
    } else this.restore(structuredClone(this.beginning));
    for (const key of kept) this.keys.add(key);
    for (const [merchantId, name] of names) this.#names.set(merchantId, name);
  }

  /**
   * One business back to its beginning, in both environments; time and all others go on.
   * @returns the ids of the keys it had
   * @throws EmulatorError not-found for one that nobody made
   */
  resetBusiness(merchantId: string, keepKeys: boolean): ReadonlySet<string> {
    const keys = this.keys.all();
    const own = new Set(keys.filter((key) => key.merchantId === merchantId).map(({ sdkAccessId }) => sdkAccessId));
    const records = environments.map((environment) => `${merchantId} ${environment}`);
    if (own.size === 0 && !records.some((key) => this.businesses.has(key)))
      throw notFound("Business", "BUSINESS_NOT_FOUND");
    for (const key of records) this.businesses.delete(key);
    this.agenda.drop((subject) => "business" in subject && subject.business.merchantId === merchantId);
    for (const key of own) this.idempotency.forget(key);
    this.keys.clear();
    this.#addFirstKeys();
    for (const key of keys) if (!own.has(key.sdkAccessId) || (keepKeys && !key.revoked)) this.keys.add(key);
    if (!keepKeys) this.#names.delete(merchantId);
    for (const saved of this.beginning?.businesses ?? [])
      if (saved.merchantId === merchantId) this.#restoreBusiness(structuredClone(saved));
    return own;
  }

  #clear(): void {
    this.agenda.close();
    this.clock = new Clock(this.#clockOptions);
    this.#startedAt = this.clock.now();
    this.#idsGiven = 0;
    this.agenda = this.#newAgenda();
    this.businesses.clear();
    this.idempotency.clear();
    this.keys.clear();
    this.#names.clear();
  }

  #newAgenda(): Agenda<DueSubject> {
    const wanted = (subject: DueSubject, at: number): boolean => {
      if (subject.kind === "delivery") return subject.delivery.dueAt === at;
      if (subject.kind === "payday") return subject.business.paydayAt === at;
      return subject.business[timed[subject.kind]].get(subject.id)?.dueAt === at;
    };
    return new Agenda(this.clock, (subject, at) => this.onDue(subject, at), wanted);
  }

  /** Everything but the deliveries, as plain data. */
  toJSON(): Record<string, unknown> {
    return {
      seed: this.seed,
      startedAt: this.#startedAt,
      idsGiven: this.#idsGiven,
      clock: this.clock.toJSON(),
      keys: this.keys.all(),
      names: [...this.#names],
      idempotency: this.idempotency.toJSON(),
      businesses: [...this.businesses.values()].map((business) => business.toJSON()),
    };
  }

  /** Takes over what an earlier run left, in the place of everything, and puts on the agenda what it was waiting for. */
  restore(saved: SavedEmulation): void {
    this.#clear();
    this.clock.restore(saved.clock);
    this.#startedAt = saved.startedAt;
    this.#idsGiven = saved.idsGiven;
    for (const key of saved.keys) this.keys.add(key);
    for (const [merchantId, name] of saved.names) this.#names.set(merchantId, name);
    this.idempotency.restore(saved.idempotency);
    for (const entry of saved.businesses) this.#restoreBusiness(entry);
  }

  #restoreBusiness(saved: SavedBusiness): void {
    const business = Business.restore(saved, this);
    this.businesses.set(`${business.merchantId} ${business.environment}`, business);
    if (business.paydayAt !== null) business.payOutAt(business.paydayAt);
    for (const kind of ["payment", "refund", "consent", "payout"] as const) {
      for (const { id, dueAt } of business[timed[kind]].values()) if (dueAt !== null) business.due(dueAt, kind, id);
    }
  }

  /** A token that works for the seeded business; a new one, when the seeded one was revoked. */
  tokenFor(environment: Environment): string {
    const key = this.keys
      .all()
      .find((entry) => entry.environment === environment && entry.merchantId === this.merchantId && !entry.revoked);
    return (key ?? this.mint({ environment })).token;
  }

  #addFirstKeys(): void {
    for (const key of this.beginning?.keys ?? []) this.keys.add({ ...key });
    if (this.beginning !== undefined) return;
    for (const environment of environments) {
      this.keys.add({
        sdkAccessId: `sda_${environment}_${seededUuid(this.seed, environment).slice(0, 8)}`,
        token: seededToken(environment, this.seed),
        environment,
        merchantId: this.merchantId,
        revoked: false,
      });
    }
  }
}

function found<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof EmulatorError && error.kind === "not-found") return undefined;
    throw error;
  }
}
