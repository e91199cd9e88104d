import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { faultKinds } from "@atoapayments/atoa-cli/emulator";
import { expect, it } from "vitest";
import { full, times } from "../scale.mjs";
import { command, program, type Rig, rig, temporaryFolder } from "./program";

/** A shop's night: refunds from a list, while the server does everything that a server can do wrong. In the morning the books balance. */

/** Each fault as it is switched on for one request. */
const faults: Readonly<Record<string, readonly string[]>> = {
  status: ["status=500", "status=502", "status=503", "status=504", "status=429", "status=503 retry-after=1"],
  latency: ["latency=200"],
};

/** Tries a line until it is done, with the key of the line: at most six times. Nothing else tells it what happened. */
const script = `#!/bin/sh
while IFS=, read -r line payment amount; do
  tries=0
  until atoa refunds create --paymentRequestId "$payment" --amount "$amount" --idempotencyKey "night/$line" --yes; do
    tries=$((tries + 1))
    [ "$tries" -lt 6 ] || { echo "line $line was never done" >&2; exit 1; }
  done
done < refunds.csv
`;

const refunds = Array.from({ length: times(45, 5) }, (_, line) => ({
  line,
  /** Which of the three payments. */
  of: line % 3,
  pence: 107n + BigInt((line * 37) % 400),
}));

it.each(full ? ["0", "2"] : ["2"])(
  "however each refund fails on its way, each is made once, to the penny (ATOA_MAX_RETRIES=%s)",
  async (retries) => {
    const shop = await rig();
    await shop.login("acme", "sandbox");
    const payments = [await paid(shop), await paid(shop), await paid(shop)];
    const kinds = faultKinds.flatMap((kind) => faults[kind] ?? [kind]);
    // One request fails, or two or three in a row, and then one gets through.
    for (let round = 0; round * 7 < refunds.length; round++) {
      for (const [index, kind] of kinds.entries()) {
        shop.emulator.fault(`POST /api/refund ${kind} 1`);
        if ((index + round) % 3 !== 0) shop.emulator.fault("POST /api/refund latency=1 1");
      }
    }

    const folder = temporaryFolder();
    const pounds = (pence: bigint) => `${pence / 100n}.${String(pence % 100n).padStart(2, "0")}`;
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/atoa"), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    writeFileSync(join(folder, "night.sh"), script);
    writeFileSync(
      join(folder, "refunds.csv"),
      refunds.map(({ line, of, pence }) => `${line},${payments[of]},${pounds(pence)}\n`).join(""),
    );
    for (const file of ["bin/atoa", "night.sh"]) chmodSync(join(folder, file), 0o755);
    const { code, stderr } = await command(join(folder, "night.sh"), [], {
      cwd: folder,
      limit: 280_000,
      env: {
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
        ATOA_HOME: shop.home,
        ATOA_BASE_URL: shop.emulator.origin,
        ATOA_TIMEOUT: "1",
        ATOA_MAX_RETRIES: retries,
      },
    });
    expect({ code, never: stderr.match(/was never done/) }).toEqual({ code: 0, never: null });

    expect(shop.emulator.requests().filter(({ status }) => status !== 200).length).toBeGreaterThan(refunds.length / 3);
    shop.emulator.clearFaults();
    for (const [index, id] of payments.entries()) {
      const { stdout } = await shop.run(["refunds", "list", "--paymentRequestId", id]);
      const made: { refundAmount: string }[] = JSON.parse(stdout);
      const due = refunds.filter(({ of }) => of === index);
      expect(made).toHaveLength(due.length);
      const pence = made.map(({ refundAmount }) => BigInt(refundAmount.replace(".", "")));
      const total = (all: readonly bigint[]) => all.reduce((sum, one) => sum + one, 0n);
      expect(total(pence)).toBe(total(due.map((refund) => refund.pence)));
      expect([...pence].sort()).toEqual(due.map((refund) => refund.pence).sort());
    }
  },
  300_000,
);

/** Id of a payment of £900.00 that was made. */
async function paid({ run, emulator }: Rig): Promise<string> {
  const { stdout } = await run(["payments", "create", "--amount", "900.00", "--orderId", "night"]);
  const { paymentRequestId } = JSON.parse(stdout);
  emulator.approve(paymentRequestId);
  return paymentRequestId;
}
