import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rig, root, temporaryFolder } from "../program";

/**
 * Files of src whose code is evaluated while the program runs, in order: those that the source maps of the loaded chunks name. A
 * chunk is loaded as a whole, so a file counts too that only came along with another.
 */
const hook = (list: string) => `process.on("exit", () => {
  const fs = require("node:fs");
  const maps = Object.keys(require.cache).map((chunk) => chunk + ".map").filter(fs.existsSync);
  const files = maps.flatMap((map) => JSON.parse(fs.readFileSync(map, "utf8")).sources);
  fs.writeFileSync(${JSON.stringify(list)}, JSON.stringify(files));
});`;

it("`atoa refunds create` goes through the files that ARCHITECTURE.md names, at most 30", async () => {
  const shop = await rig();
  await shop.login("acme", "sandbox");
  const payment = JSON.parse(
    (
      await shop.run([
        "payments",
        "create",
        "--amount",
        "10",
        "--orderId",
        "o1",
        "--redirectUrl",
        "https://shop.example.com",
      ])
    ).stdout,
  ) as { paymentRequestId: string };
  shop.emulator.preparePayment(payment.paymentRequestId, { status: "COMPLETED" });
  const folder = temporaryFolder();
  const [script, list] = [join(folder, "hook.cjs"), join(folder, "files.json")];
  writeFileSync(script, hook(list));
  const refund = await shop.run(
    ["refunds", "create", "--paymentRequestId", payment.paymentRequestId, "--amount", "5.00", "--yes"],
    { env: { NODE_OPTIONS: `--require ${JSON.stringify(script)}`, ATOA_CODE_CACHE: "0" } },
  );
  expect(JSON.parse(refund.stdout)).toMatchObject({ refundAmount: "5.00" });

  const sources = (JSON.parse(readFileSync(list, "utf8")) as string[]).map((file) => file.replaceAll("\\", "/"));
  const ours = sources.flatMap((file) => /^(?!.*node_modules).*\bsrc\/(.+)$/.exec(file)?.[1] ?? []);
  const files = [...new Set(["bin/run.js", ...ours])].sort();
  expect(files.length, files.join("\n")).toBeLessThanOrEqual(30);
  const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const path = /^## The path of one command$(.*?)^Loaded only when needed/ms.exec(page)?.[1] ?? "";
  const named = [...path.matchAll(/`([\w/-]+\.[jt]s)`/g)].map(([, file = ""]) => file);
  expect([...new Set(named)].sort()).toEqual(files);
});
