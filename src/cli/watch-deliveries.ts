import { setTimeout as delay } from "node:timers/promises";
import { isRecord } from "../json";
import { interruption, writeData } from "../terminal/terminal";

const pauseMs = 500;

/** Prints each delivery that is new or was tried since the last look, one line of JSON each, until Ctrl-C. */
export async function watchDeliveries(look: () => Promise<unknown>): Promise<void> {
  const interrupt = interruption();
  const seen = new Map<unknown, string>();
  while (!interrupt.aborted) {
    const deliveries = await look();
    for (const delivery of Array.isArray(deliveries) ? deliveries.filter(isRecord) : []) {
      const state = JSON.stringify([delivery.state, delivery.attempts]);
      if (seen.get(delivery.id) === state) continue;
      seen.set(delivery.id, state);
      await writeData(`${JSON.stringify(delivery)}\n`);
    }
    await delay(pauseMs, undefined, { signal: interrupt }).catch(() => undefined);
  }
}
