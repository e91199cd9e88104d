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

export interface EmulationOptions {
  seed: string;
  clock?: ClockOptions | undefined;
  /** Gives a new business its past, which ends at `until`. */
  fill: (business: Business, until: number) => void;
  openAccounts: World["openAccounts"];
  /** New ids count up instead of being random. */
  sequentialIds?: boolean | undefined;
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
    this.#addSeededKeys();
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

  /** Back to the seed. Tokens that were minted stay valid when asked, so that paired profiles keep working. */
  reset(keepKeys: boolean): void {
    this.agenda.close();
    this.clock = new Clock(this.#clockOptions);
    this.#startedAt = this.clock.now();
    this.#idsGiven = 0;
    this.agenda = this.#newAgenda();
    this.businesses.clear();
    this.idempotency.clear();
    this.#resetKeys(keepKeys, () => true);
    if (!keepKeys) this.#names.clear();
  }

  /**
   * One business back to the seed, in both environments; time and all others go on.
   * @returns the ids of the keys it had
   * @throws EmulatorError not-found for one that nobody made
   */
  resetBusiness(merchantId: string, keepKeys: boolean): ReadonlySet<string> {
    const own = (key: ApiKey): boolean => key.merchantId === merchantId;
    const keys = new Set(
      this.keys
        .all()
        .filter(own)
        .map(({ sdkAccessId }) => sdkAccessId),
    );
    const records = environments.map((environment) => `${merchantId} ${environment}`);
    if (keys.size === 0 && !records.some((key) => this.businesses.has(key)))
      throw notFound("Business", "BUSINESS_NOT_FOUND");
    for (const key of records) this.businesses.delete(key);
    this.agenda.drop((subject) => "business" in subject && subject.business.merchantId === merchantId);
    for (const key of keys) this.idempotency.forget(key);
    this.#resetKeys(keepKeys, own);
    if (!keepKeys) this.#names.delete(merchantId);
    return keys;
  }

  /** A key that was revoked comes back with the seed, or not at all. */
  #resetKeys(keep: boolean, concerned: (key: ApiKey) => boolean): void {
    const kept = this.keys.all().filter((key) => !concerned(key) || (keep && !key.revoked));
    this.keys.clear();
    this.#addSeededKeys();
    for (const key of kept) this.keys.add(key);
  }

  #newAgenda(): Agenda<DueSubject> {
    const wanted = (subject: DueSubject, at: number): boolean => {
      if (subject.kind === "delivery") return subject.delivery.dueAt === at;
      if (subject.kind === "payday") return subject.business.paydayAt === at;
      return recordsOf(subject.business, subject.kind).get(subject.id)?.dueAt === at;
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

  /** Takes over what an earlier run left, and puts on the agenda what it was waiting for. */
  restore(saved: Record<string, unknown>): void {
    this.clock.restore(saved.clock as { frozen: boolean; offset: number });
    this.#startedAt = saved.startedAt as number;
    this.#idsGiven = saved.idsGiven as number;
    this.keys.clear();
    for (const key of saved.keys as ApiKey[]) this.keys.add(key);
    for (const [merchantId, name] of saved.names as [string, string][]) this.#names.set(merchantId, name);
    this.idempotency.restore(saved.idempotency as Parameters<IdempotencyMemory["restore"]>[0]);
    for (const entry of saved.businesses as SavedBusiness[]) {
      const business = Business.restore(entry, this);
      this.businesses.set(`${business.merchantId} ${business.environment}`, business);
      if (business.paydayAt !== null) business.payOutAt(business.paydayAt);
      for (const kind of ["payment", "refund", "consent", "payout"] as const) {
        for (const { id, dueAt } of recordsOf(business, kind).values())
          if (dueAt !== null) business.due(dueAt, kind, id);
      }
    }
  }

  /** A token that works for the seeded business; a new one, when the seeded one was revoked. */
  tokenFor(environment: Environment): string {
    const key = this.keys
      .all()
      .find((entry) => entry.environment === environment && entry.merchantId === this.merchantId && !entry.revoked);
    return (key ?? this.mint({ environment })).token;
  }

  #addSeededKeys(): void {
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

/** Records to which time does something. */
function recordsOf(
  business: Business,
  kind: "payment" | "refund" | "consent" | "payout",
): ReadonlyMap<string, { id: string; dueAt: number | null }> {
  switch (kind) {
    case "payment":
      return business.payments;
    case "refund":
      return business.refunds;
    case "consent":
      return business.consents;
    case "payout":
      return business.payouts;
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
