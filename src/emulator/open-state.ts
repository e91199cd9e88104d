import { choices } from "./choices";
import { DataFile, lockDataFile, readState, unusable } from "./data-file";
import { playDue } from "./due";
import { badRequest } from "./emulator-error";
import type { EmulatorOptions, Snapshot } from "./handle";
import { seedAccounts } from "./seed/bank-feed";
import { seedBusiness } from "./seed/seed-business";
import { Chance } from "./state/chance";
import { Emulation, type SavedEmulation } from "./state/emulation";
import { awaitPayout, paydayAfter, payoutDueAt } from "./state/payouts";
import type { Delivery } from "./state/records";
import { Deliveries } from "./webhooks/deliveries";

type StateOptions = Pick<
  EmulatorOptions,
  "dataFile" | "fixtures" | "seed" | "transactions" | "clock" | "ids" | "allowedHosts"
>;

/** The state with its deliveries, and the file that keeps it when there is one. */
export interface OpenState {
  emulation: Emulation;
  deliveries: Deliveries;
  /** Notes a change, for the file. */
  changed: () => void;
  snapshot: () => Snapshot;
  /** Puts a snapshot in the place of everything. @throws EmulatorError bad-request for one that is not whole; nothing has changed then */
  restore: (snapshot: Snapshot) => void;
  close: () => Promise<void>;
}

/**
 * Makes the state from the seed, or from what an earlier run left in the file; the file's seed wins over the one asked for.
 * @throws EmulatorError unavailable when the file cannot be used
 */
export async function openState(options: StateOptions): Promise<OpenState> {
  const { dataFile: path, fixtures } = options;
  const release = path === undefined ? undefined : await lockDataFile(path);
  try {
    const kept = path === undefined ? undefined : await readState("data", path);
    const saved = kept ?? (fixtures === undefined ? undefined : await readState("fixtures", fixtures));
    if (fixtures !== undefined && saved === undefined) throw unusable("fixtures", fixtures, "does not exist");
    const emulation = newEmulation(options, typeof saved?.seed === "string" ? saved.seed : options.seed);
    const deliveries = new Deliveries(emulation, options.allowedHosts ?? [], () => changed());
    const snapshot = (): Snapshot => ({ ...emulation.toJSON(), deliveries: deliveries.all() });
    const file = path === undefined || release === undefined ? undefined : new DataFile(path, snapshot, release);
    const changed = (): void => file?.changed();
    emulation.onDue = (subject, at) => {
      playDue(deliveries, subject, at);
      changed();
    };
    const takeOver = (state: Snapshot): void => {
      emulation.restore(state as unknown as SavedEmulation);
      deliveries.restore(state.deliveries as Delivery[]);
    };
    if (kept === undefined) emulation.beginning = structuredClone(saved) as SavedEmulation | undefined;
    if (saved !== undefined) {
      try {
        takeOver(saved);
      } catch (error) {
        const why = "is incomplete";
        throw kept === undefined
          ? unusable("fixtures", fixtures ?? "", why, error)
          : unusable("data", path ?? "", why, error);
      }
    }
    changed();
    await file?.flush();
    return {
      emulation,
      deliveries,
      changed,
      snapshot,
      restore: (state) => {
        // Read into an emulation of its own first: a snapshot that is not whole must leave everything as it was.
        const copy = structuredClone(state);
        try {
          const trial = newEmulation(options, emulation.seed);
          trial.restore(structuredClone(copy) as unknown as SavedEmulation);
          trial.agenda.close();
          if (!Array.isArray(copy.deliveries)) throw badRequest("The snapshot has no deliveries");
        } catch {
          throw badRequest("The snapshot is incomplete");
        }
        deliveries.clear();
        takeOver(copy);
        changed();
      },
      close: async () => {
        emulation.agenda.close();
        await deliveries.close();
        await file?.close();
      },
    };
  } catch (error) {
    await release?.();
    throw error;
  }
}

function newEmulation(options: StateOptions, seed = "atoa"): Emulation {
  return new Emulation({
    seed,
    clock: options.clock,
    sequentialIds: options.ids === "sequential",
    fill: (business, until) => {
      seedBusiness(business, seed, options.transactions ?? 300, until);
      // The newest payout is still on its way, and the last day's sales wait for the next.
      const newest = business.payouts.get(business.id("po_555"));
      if (newest !== undefined) payoutDueAt(business, newest, paydayAfter(business.now()));
      awaitPayout(business);
    },
    openAccounts: (business, consent, until) =>
      seedAccounts(business, new Chance(`accounts ${consent.id}`), consent, until - choices.historyLength, until),
  });
}
