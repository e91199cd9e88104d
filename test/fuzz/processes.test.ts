import { expect, it } from "vitest";
import { writeStateFiles } from "../e2e/pairing";
import { atoa, temporaryFolder } from "../e2e/program";
import { times } from "../scale.mjs";
import { expectDecentEnd, fc, paired, serve } from "./cases";
import { commandLines } from "./command-lines";

/** The same as whole processes: what one process would hide (streams, exit codes, handles that hold it) shows here. */

it("command lines as processes", async () => {
  const origin = await serve((_, response) => response.end('{"id":"id_123","status":"COMPLETED","data":[]}'));
  // What the system itself does not let pass: NUL, and 128 KiB a word (Windows: 32 KiB a line).
  const longest = process.platform === "win32" ? 20_000 : 120_000;
  const passes = (word: string) => !word.includes("\u0000") && Buffer.byteLength(word) < longest;
  const runnable = commandLines.filter((argv) => argv.every(passes) && Buffer.byteLength(argv.join(" ")) < 5 * longest);
  const homes = Array.from({ length: 2 }, () => temporaryFolder());
  const pairs = times(120, 4);
  let processes = 0;
  await fc.assert(
    fc.asyncProperty(fc.tuple(runnable, runnable), async (pair) => {
      await Promise.all(
        pair.map(async (argv, index) => {
          const home = homes[index] ?? "";
          writeStateFiles(home, paired(origin));
          const env = { HOME: home, ATOA_HOME: home, ATOA_BASE_URL: origin, ATOA_TIMEOUT: "5" };
          const outcome = await atoa(argv, { env, cwd: home, alone: true });
          processes++;
          expect(outcome.signal, JSON.stringify(argv).slice(0, 2000)).toBeNull();
          expectDecentEnd({ argv }, outcome);
        }),
      );
    }),
    { numRuns: pairs },
  );
  expect(processes).toBeGreaterThanOrEqual(2 * pairs);
});
