import { describe, expect, it } from "vitest";
import { type Commands, readArgv } from "../../src/argv";
import { AtoaError } from "../../src/errors";
import { readManifest } from "../manifest";
import { times } from "../scale.mjs";
import { Driver, fc, paired, serve } from "./cases";
import { anyCommandLines, commandLines } from "./command-lines";

const answer = {
  id: "id_123",
  merchantId: "biz_1",
  businessName: "Acme",
  sdkAccessId: "key_1",
  environment: "sandbox",
  env: "sandbox",
  status: "COMPLETED",
  token: "test-token-sandbox-new-9876543210",
  data: [{ id: "id_123", amount: 1 }],
  totalCount: 1,
};

describe("argv", () => {
  it("6,000 command lines are read into a plan or refused with a reason", async () => {
    const commands = readManifest() as unknown as Commands;
    await fc.assert(
      fc.asyncProperty(anyCommandLines, async (argv) => {
        try {
          expect(["run", "help", "version"]).toContain((await readArgv(argv, commands)).kind);
        } catch (error) {
          if (!(error instanceof AtoaError)) throw error;
          expect(error.exitCode).toBe(3);
          expect(error.summary.length + error.hint.length).toBeLessThan(2000);
        }
      }),
      { numRuns: times(6000, 150) },
    );
  });

  it("command lines are carried out, or end with a reason", async () => {
    const origin = await serve((_, response) => response.end(JSON.stringify(answer)));
    const runs = times(2500, 40);
    const driver = new Driver({ ATOA_BASE_URL: origin });
    const home = paired(origin);
    await fc.assert(
      fc.asyncProperty(
        commandLines,
        fc.constantFrom("", "\n", "{}", "test-token-x\n", "\u0000"),
        async (argv, stdin) => {
          await driver.run({ argv, stdin, ...home });
        },
      ),
      { numRuns: runs },
    );
    expect(driver.cases).toBeGreaterThanOrEqual(runs);
  });
});
