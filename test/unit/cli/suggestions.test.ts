import { describe, expect, it } from "vitest";
import { type Commands, readArgv } from "../../../src/argv";
import { hints } from "../../../src/cli/suggestions";
import { readManifest } from "../../manifest";

/** The first words of people who come from other tools, read against the commands that there are. */
const commands = readManifest() as unknown as Commands;

describe("hidden aliases", () => {
  it.each([
    ["payments list", "payments:transactions"],
    ["payments get pr_1", "payments:status"],
    ["auth login", "login"],
    ["auth logout", "logout"],
    ["auth status", "whoami"],
    ["keys rotate", "keys:regenerate"],
    ["profile switch acme", "profile:use"],
    ["profile current", "profile:show"],
    ["completions bash", "completion"],
    ["payment create --amount 5", "payments:create"],
    ["refund create", "refunds:create"],
    ["customer list", "customers:list"],
    ["webhook trigger REFUND_STATUS", "webhooks:trigger"],
    ["payout list", "payouts:list"],
    ["store list", "stores:list"],
    ["institution list", "institutions:list"],
    ["payment-method list", "payment-methods:list"],
    ["key rotate", "keys:regenerate"],
    ["profiles list", "profile:list"],
  ])("%s is %s", async (line, id) => {
    expect(await readArgv(line.split(" "), commands)).toMatchObject({ kind: "run", id });
  });

  it("are no commands of the manifest, so that neither help nor completion shows them", () => {
    const ids = Object.keys(commands);
    for (const hidden of [
      "payments:list",
      "payments:get",
      "auth:login",
      "keys:rotate",
      "completions",
      "payment:create",
    ]) {
      expect(ids).not.toContain(hidden);
    }
  });
});

describe("a hint", () => {
  const ids = Object.keys(commands).map((id) => id.replaceAll(":", " "));
  const named = Object.entries(hints).flatMap(([guess, hint]) =>
    [...hint.matchAll(/`atoa ([^`]+)`/g)].map(([, line = ""]) => [guess, line] as const),
  );

  it.each(named)("for %s names `atoa %s`, which is there with its flags", (_, line) => {
    const [before = ""] = line.split(" -- ");
    const words = before.split(" ");
    const name = [2, 1].map((length) => words.slice(0, length).join(" ")).find((one) => ids.includes(one));
    const isTopic = ids.some((id) => id.startsWith(`${before} `));
    expect(name !== undefined || isTopic).toBe(true);
    const flags = Object.keys(commands[(name ?? "").replaceAll(" ", ":")]?.flags ?? {});
    for (const [flag] of before.matchAll(/--\w+/g)) expect(flags).toContain(flag.slice(2));
  });

  it.each(Object.keys(hints))("for %s is given, and only where no such command is", async (guess) => {
    expect(ids).not.toContain(guess);
    await expect(readArgv([...guess.split(" "), "pr_1"], commands)).rejects.toThrow(
      expect.objectContaining({ hint: hints[guess] }),
    );
  });
});
