import { DataFile, unusable } from "./data-file";
import { playDue } from "./due";
import type { ClockOptions } from "./state/clock";
import { Emulation } from "./state/emulation";
import { Deliveries, type Delivery } from "./webhooks/deliveries";

export interface StateOptions {
  dataFile?: string | undefined;
  seed?: string | undefined;
  transactions?: number | undefined;
  clock?: ClockOptions | undefined;
  webhooksAnywhere?: boolean | undefined;
}

/** The state with its deliveries, and the file that keeps it when there is one. */
export interface OpenState {
  emulation: Emulation;
  deliveries: Deliveries;
  /** Notes a change. @returns when it is safe in the file; undefined without one */
  changed: () => Promise<void> | undefined;
  close: () => Promise<void>;
}

/**
 * Makes the state from the seed, or from what an earlier run left in the file; the file's seed wins over the one asked for.
 * @throws AtoaError kind failure when the file cannot be used
 */
export async function openState(options: StateOptions): Promise<OpenState> {
  const { dataFile: path } = options;
  if (path !== undefined) await DataFile.lock(path);
  try {
    const saved = path === undefined ? undefined : await DataFile.read(path);
    const emulation = new Emulation({
      seed: typeof saved?.seed === "string" ? saved.seed : (options.seed ?? "atoa"),
      clock: options.clock,
      transactions: options.transactions ?? 300,
    });
    const deliveries = new Deliveries(emulation, options.webhooksAnywhere === true, () => changedBehind());
    const snapshot = (): Record<string, unknown> => ({ ...emulation.toJSON(), deliveries: deliveries.all() });
    const file = path === undefined ? undefined : new DataFile(path, snapshot);
    const changed = (): Promise<void> | undefined => file?.changed();
    // What happens by itself is worked out again after a restart if it is not in the file yet, so nobody waits for it.
    const changedBehind = (): void => void changed()?.catch(() => {});
    emulation.onDue = (subject, at) => {
      playDue(emulation, deliveries, subject, at);
      changedBehind();
    };
    if (saved !== undefined) {
      try {
        emulation.restore(saved);
        deliveries.restore(saved.deliveries as Delivery[]);
      } catch (error) {
        throw unusable(path ?? "", "does not hold a whole state", error);
      }
    }
    await changed();
    return {
      emulation,
      deliveries,
      changed,
      close: async () => {
        emulation.agenda.close();
        await deliveries.close();
        await file?.close();
      },
    };
  } catch (error) {
    if (path !== undefined) await DataFile.unlock(path);
    throw error;
  }
}
