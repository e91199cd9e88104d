import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needs } from "../needs";
import { some } from "../scale.mjs";
import { hostile, Typing } from "./typing";

/** TAB in bash, zsh and fish: what stands on the line afterwards, as the program gets it. */

export interface Shell {
  readonly name: string;
  /** The shell with its options. */
  readonly command: string;
  /** What is typed first. */
  readonly startup: readonly string[];
}

export function tabsIn({ name, command, startup }: Shell): void {
  const [shell = ""] = command.split(" ");
  describe.runIf(needs(shell, "tmux"))(`TAB in ${name}`, () => {
    let typing: Typing;
    beforeAll(async () => {
      typing = await Typing.open(command, startup);
    });
    afterAll(() => typing?.close());

    const whole: readonly (readonly [typed: string, words: readonly string[]])[] = [
      ["atoa refu", ["refunds"]],
      ["atoa payments cr", ["payments", "create"]],
      ["atoa --profile ci payments sta", ["--profile", "ci", "payments", "status"]],
      ["atoa --env=sandbox --profile acme keys rev", ["--env=sandbox", "--profile", "acme", "keys", "revoke"]],
      ["atoa payments create --amou", ["payments", "create", "--amount"]],
      ["atoa payments create --dry-", ["payments", "create", "--dry-run"]],
      ["atoa --env pro", ["--env", "production"]],
      ["atoa --env=pro", ["--env=production"]],
      ["atoa stores list --output=ta", ["stores", "list", "--output=table"]],
      ["atoa card-on-file charge --captureType MAN", ["card-on-file", "charge", "--captureType", "MANUAL_CAPTURE"]],
      [
        "atoa card-on-file cancel x --reasonCode Re",
        ["card-on-file", "cancel", "x", "--reasonCode", "Requested by customer"],
      ],
      [
        "atoa card-on-file cancel x --reasonCode 'Re",
        ["card-on-file", "cancel", "x", "--reasonCode", "Requested by customer"],
      ],
      [
        'atoa customers create --fullName "Zoë O\'Neill" --ema',
        ["customers", "create", "--fullName", "Zoë O'Neill", "--email"],
      ],
      ["atoa profile use ac", ["profile", "use", "acme"]],
      ["atoa profile use caf", ["profile", "use", "café"]],
      ["atoa keys revoke sda_p", ["keys", "revoke", "sda_prod"]],
      [
        "atoa --profile acme --env sandbox keys revoke sd",
        ["--profile", "acme", "--env", "sandbox", "keys", "revoke", "sda_box"],
      ],
      ["atoa profile set env=pr", ["profile", "set", "env=production"]],
      ["atoa emulator exec -- pay", ["emulator", "exec", "--", "pay"]],
      ["atoa nonsense pay", ["nonsense", "pay"]],
    ];
    it.each(some(whole, 4))("%s", async (typed, words) => {
      await typing.type(typed, "Tab");
      expect(await typing.enter()).toEqual(words);
    });

    it.each(["atoa profile use zz", "atoa profile use 'zz", 'atoa profile use "zz', "atoa --profile=zz"])(
      "a hostile name is one word, and harmless: %s",
      async (typed) => {
        await typing.type(typed, "Tab");
        const words = await typing.enter();
        expect(words).toEqual(typed.includes("=") ? [`--profile=${hostile}`] : ["profile", "use", hostile]);
        expect(existsSync(join(typing.home, "pwned"))).toBe(false);
      },
    );

    it("in the middle of a line", async () => {
      await typing.type("atoa profile us acme", ...Array.from({ length: 5 }, () => "Left" as const), "Tab");
      expect(await typing.enter()).toEqual(["profile", "use", "acme"]);
    });

    it("files where a file is meant, and nothing behind a folder", async () => {
      mkdirSync(join(typing.home, "one folder/deep"), { recursive: true });
      writeFileSync(join(typing.home, "request body.json"), "{}");
      writeFileSync(join(typing.home, "one folder/deep/script"), "");
      const lines: readonly (readonly [typed: string, words: readonly string[]])[] = [
        ["atoa post /x --data @requ", ["post", "/x", "--data", "@request body.json"]],
        ["atoa stores list --out=requ", ["stores", "list", "--out=request body.json"]],
        ["atoa emulator start --dataFile requ", ["emulator", "start", "--dataFile", "request body.json"]],
        ["atoa stores list --out ~/requ", ["stores", "list", "--out", join(typing.home, "request body.json")]],
      ];
      for (const [typed, words] of lines) {
        await typing.type(typed, "Tab");
        expect(await typing.enter()).toEqual(words);
      }
      await typing.type("atoa emulator exec -- on", "Tab");
      await typing.type("", "Tab");
      await typing.type("", "Tab");
      expect(await typing.enter()).toEqual(["emulator", "exec", "--", "one folder/deep/script"]);
    });

    it("lists what may follow, and nothing that was given", async () => {
      expect(await typing.list("atoa payments ")).toMatch(/cancel[\s\S]*create[\s\S]*status[\s\S]*transactions/);
      const flags = await typing.list("atoa payments create --amount 1 --");
      expect(flags).toContain("--orderId");
      expect(flags).not.toMatch(/--amount\b(?! 1)/);
      // Required flags come first.
      expect(flags.indexOf("--orderId")).toBeLessThan(flags.indexOf("--customerId"));
    });

    // bash has no place for descriptions.
    if (shell !== "bash") {
      it("says what a candidate is", async () => {
        expect(await typing.list("atoa payments ")).toContain("Create a payment request");
        expect(await typing.list("atoa profile use ")).toContain("Acme Ltd");
        expect(await typing.list("atoa payments create --")).toContain("Amount in pounds");
      });
    }

    it("never falls back to files, and says nothing when the config is broken", async () => {
      mkdirSync(join(typing.home, "files"), { recursive: true });
      await typing.type("atoa profile use fil", "Tab");
      expect(await typing.enter()).toEqual(["profile", "use", "fil"]);
      writeFileSync(join(typing.home, ".config/atoa/config.json"), "{ broken");
      await typing.type("atoa profile use ac", "Tab");
      expect(typing.screen()).not.toMatch(/error|Refusing/);
      expect(await typing.enter()).toEqual(["profile", "use", "ac"]);
    });
  });
}
