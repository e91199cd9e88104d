import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { execute, rig, root, temporaryFolder } from "../program";

it("an update that replaces the program under a write swallows neither its key nor that its outcome is unknown", async () => {
  const shop = await rig();
  await shop.login("acme", "sandbox");
  const copy = temporaryFolder();
  for (const part of ["bin/run.js", "dist", "package.json", "oclif.manifest.json"])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  shop.emulator.fault("POST /api/payments/process-payment status=502 latency=100");
  const vanish = setInterval(() => {
    if (shop.emulator.faults().every(({ hits }) => hits === 0)) return;
    rmSync(join(copy, "dist"), { recursive: true, force: true });
  }, 5);
  const argv = ["payments", "create", "--amount", "1", "--orderId", "o1", "--redirectUrl", "https://shop.example.com"];
  const env = { ...shop.env, ATOA_CODE_CACHE: "0" };
  const outcome = await execute([join(copy, "bin/run.js"), ...argv, "--idempotencyKey", "night-1"], { env });
  clearInterval(vanish);
  expect(outcome).toMatchObject({ code: 1, stdout: "" });
  expect(outcome.stderr).toMatch(
    /^error: Unexpected error: .*; the request may still have been processed — .*--idempotencyKey night-1/m,
  );
});
