import { describe, expect, it } from "vitest";
import { type Commands, readArgv } from "../../../src/argv";
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
  ])("%s is %s", (line, id) => {
    expect(readArgv(line.split(" "), commands)).toMatchObject({ kind: "run", id });
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
