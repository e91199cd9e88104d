import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { bareEnvironment, program } from "../program";

/** An emulator whose parent does nothing but wait to be killed; neither shares a pipe with the other. */
async function startBelowParent(...flags: string[]) {
  const argv = [program, "emulator", "start", "--port", "0", "--output", "json", ...flags];
  const script = `
    const child = require("node:child_process").spawn(process.execPath, ${JSON.stringify(argv)}, { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.once("data", (line) => console.log(JSON.stringify({ ...JSON.parse(line), pid: child.pid })));`;
  const parent = spawn(process.execPath, ["-e", script], { env: bareEnvironment() });
  const [line] = await once(createInterface({ input: parent.stdout }), "line");
  return { parent, ...(JSON.parse(String(line)) as { origin: string; pid: number }) };
}

it("ends when its parent is killed, with --exitWithParent; without it, it goes on", async () => {
  const [leaving, staying] = [await startBelowParent("--exitWithParent"), await startBelowParent()];
  for (const { parent } of [leaving, staying]) parent.kill("SIGKILL");
  const answers = ({ origin }: { origin: string }) =>
    fetch(origin).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(() => answers(leaving), { timeout: 20_000 }).toBe(false);
  expect(await answers(staying)).toBe(true);
  process.kill(staying.pid, "SIGTERM");
  await expect.poll(() => answers(staying), { timeout: 20_000 }).toBe(false);
});
