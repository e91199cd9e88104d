import { describe, expect, it } from "vitest";
import { times } from "../scale.mjs";
import { Driver, fc, paired, serve, token } from "./cases";

/** Config and secrets files that were cut, mangled, swapped or written by somebody else. */

const commandLines = [
  ["profile", "list"],
  ["profile", "show"],
  ["profile", "use", "acme"],
  ["profile", "set", "env=sandbox", "--yes"],
  ["profile", "rename", "acme", "shop", "--yes"],
  ["profile", "delete", "acme", "--yes"],
  ["stores", "list"],
  ["whoami", "--verbose"],
  ["payments", "create", "--amount", "2.00", "--orderId", "o-1", "--dryRun"],
  ["login", "--stdin", "--env", "sandbox"],
  ["login", "--stdin", "--env", "sandbox", "--profile", "acme"],
  ["logout", "--yes"],
  ["logout", "--yes", "--env", "production", "--profile", "acme"],
  ["keys", "revoke", "--yes"],
  ["keys", "regenerate", "--yes"],
  ["webhooks", "trigger", "PAYMENTS_STATUS"],
  ["reset", "--yes"],
  ["reset", "--yes", "--revoke"],
];

const identity = { merchantId: "biz_1", businessName: "Acme", sdkAccessId: "key_1", environment: "sandbox" };

/** A text with bytes changed, left out, put in, repeated or cut off. */
function mangled(text: string): fc.Arbitrary<string> {
  const change = fc.record({
    kind: fc.constantFrom("cut", "drop", "put", "swap", "repeat"),
    at: fc.nat(text.length),
    length: fc.nat(30),
    junk: fc.constantFrom(
      "",
      "\u0000",
      '"',
      "{",
      "}",
      "[",
      ",",
      "\\",
      "\n",
      "null",
      "\u00ff",
      "\u00ef\u00bb\u00bf",
      "1e999",
      '"__proto__":',
    ),
  });
  return fc.array(change, { maxLength: 4 }).map((changes) =>
    changes.reduce((now, { kind, at, length, junk }) => {
      if (kind === "cut") return now.slice(0, at);
      if (kind === "drop") return now.slice(0, at) + now.slice(at + length);
      if (kind === "put") return now.slice(0, at) + junk + now.slice(at);
      if (kind === "repeat") return now.slice(0, at + length) + now.slice(at);
      return now.slice(0, at) + junk + now.slice(at + 1);
    }, text),
  );
}

/** A value with one of its parts replaced by something of another kind. */
function misshapen(text: string): fc.Arbitrary<string> {
  const spots: (string | number)[][] = [];
  const collect = (value: unknown, path: (string | number)[]): void => {
    spots.push(path);
    if (value !== null && typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key]);
    }
  };
  collect(JSON.parse(text), []);
  const replace = (value: unknown, path: readonly (string | number)[], by: unknown): unknown => {
    const [first, ...rest] = path;
    if (first === undefined) return by;
    return { ...(value as object), [first]: replace((value as Record<string, unknown>)[first], rest, by) };
  };
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      2,
      99,
      "",
      " ",
      "acme",
      "ACME",
      "../x",
      "production",
      "file",
      "keychain",
      [],
      {},
      "\u001b[31m",
    ),
    fc.constantFrom<unknown>(
      "http://evil.example",
      "https://api.atoa.me",
      "x".repeat(9000),
      { acme: {} },
      token,
      "\ud800",
    ),
    fc.jsonValue({ maxDepth: 3 }),
  );
  return fc
    .tuple(fc.constantFrom(...spots), odd)
    .map(([path, by]) => JSON.stringify(replace(JSON.parse(text), path, by)) ?? "");
}

const inLatin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");

describe("state files", () => {
  it("broken homes: every command ends with a reason, and reset always works", async () => {
    const origin = await serve((_, response) => response.end(JSON.stringify(identity)));
    const whole = paired(origin);
    const file = (text: string) =>
      fc.oneof(
        { weight: 2, arbitrary: fc.constant<string | undefined>(text) },
        { weight: 1, arbitrary: fc.constant(undefined) },
        { weight: 4, arbitrary: mangled(text) },
        { weight: 6, arbitrary: misshapen(text).map(inLatin1) },
        { weight: 1, arbitrary: fc.json().map(inLatin1) },
        {
          weight: 1,
          arbitrary: fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 60 }),
        },
      );
    // ATOA_SECRET_STORE keeps a config that names the keychain away from a real one.
    const driver = new Driver({ ATOA_BASE_URL: origin, ATOA_SECRET_STORE: "file" });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...commandLines),
        file(whole.config),
        file(whole.secrets),
        async (argv, config, secrets) => {
          const one = {
            argv,
            stdin: token,
            ...(config === undefined ? {} : { config }),
            ...(secrets === undefined ? {} : { secrets }),
          };
          const { code, stderr } = await driver.run(one);
          if (argv[0] !== "reset") return;
          // With --revoke a key that may still be alive ends it with 1, after everything here is gone.
          expect(argv.includes("--revoke") ? [0, 1] : [0], stderr).toContain(code);
          if (code === 1) expect(stderr).toMatch(/^error: .*, but .* not revoked on the server/m);
        },
      ),
      { numRuns: times(1500, 40) },
    );
  });
});
