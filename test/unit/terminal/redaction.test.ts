import { afterEach, describe, expect, it } from "vitest";
import { parseJson, printJson } from "../../../src/json";
import {
  forgetSecrets,
  maskTokenLike,
  mayHoldToken,
  redact,
  redactValue,
  registerSecret,
  tokenHint,
} from "../../../src/redaction";
import { Csv } from "../../../src/reports/csv";
import fc from "../../random";

afterEach(forgetSecrets);

const visible = fc.string({
  minLength: 8,
  maxLength: 200,
  unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
});

function withSecret<T>(token: string, work: () => T): T {
  forgetSecrets();
  registerSecret(token);
  return work();
}

describe("redact", () => {
  it("hides a token raw, in JSON, percent-encoded and in base64, whatever stands around it", () => {
    const spellings: readonly ((token: string) => string)[] = [
      (token) => token,
      (token) => JSON.stringify(token),
      (token) => encodeURIComponent(token),
      (token) => Buffer.from(token).toString("base64"),
    ];
    fc.assert(
      fc.property(visible, fc.string(), fc.string(), fc.constantFrom(...spellings), (token, before, after, spell) => {
        const spelled = spell(token);
        const clean = withSecret(token, () => redact(`${before} ${spelled} ${after}`));
        // What is around it may hold the token's letters by chance; the token itself it never holds whole.
        expect(clean.includes(spelled) && !`${before}${after}`.includes(spelled)).toBe(false);
        expect(clean).toContain("[REDACTED]");
      }),
      { numRuns: 500 },
    );
  });

  it("leaves all other text as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
        expect(withSecret("test-token-that-is-nowhere-else", () => redact(text))).toBe(text);
      }),
    );
  });

  it("hides each of several, and both where they meet", () => {
    registerSecret("test-token-one");
    registerSecret("test-token-two");
    expect(redact("test-token-onetest-token-two")).toBe("[REDACTED][REDACTED]");
  });

  it("hides a token of 8192 characters at once", () => {
    const token = `test-token-${"x".repeat(8181)}`;
    registerSecret(token);
    const begin = performance.now();
    expect(redact(`token ${token} refused`)).toBe("token [REDACTED] refused");
    expect(performance.now() - begin).toBeLessThan(100);
  });

  it("hides a short one only where it stands alone", () => {
    registerSecret("abc");
    expect(redact("abc, abcd, xabc, [abc]")).toBe("[REDACTED], abcd, xabc, [[REDACTED]]");
  });

  it("knows nothing of an empty one", () => {
    registerSecret("");
    expect(redact("as it is")).toBe("as it is");
  });
});

describe("redactValue", () => {
  it("hides a token in texts and names and leaves numbers as they are, digits included", () => {
    registerSecret("12345678");
    const value = parseJson('{"createdAt":1712345678000,"n":12345678.50,"a12345678":["x 12345678 y",null,true]}');
    expect(printJson(redactValue(value))).toBe(
      '{"createdAt":1712345678000,"n":12345678.50,"a[REDACTED]":["x [REDACTED] y",null,true]}',
    );
  });

  it("gives valid JSON whatever is registered", () => {
    fc.assert(
      fc.property(visible, fc.jsonValue(), (token, value) => {
        withSecret(token, () => expect(() => JSON.parse(printJson(redactValue(value)))).not.toThrow());
      }),
    );
  });
});

describe("mayHoldToken", () => {
  it("finds in JSON and in CSV every token that a walk through the value would hide", () => {
    const echoes: readonly ((token: string) => unknown)[] = [
      (token) => token,
      (token) => `\n${token}`,
      (token) => JSON.stringify({ token }),
      (token) => JSON.stringify({ nested: JSON.stringify({ token }) }),
      (token) => ["in a list", { deeper: JSON.stringify(token) }],
      (token) => encodeURIComponent(token),
      (token) => Buffer.from(token).toString("base64"),
    ];
    const token = fc.oneof(visible, fc.stringMatching(/^[a-z"\\%,]{1,12}$/));
    fc.assert(
      fc.property(token, fc.constantFrom(...echoes), (secret, echo) => {
        withSecret(secret, () => {
          const items = [{ id: 1, note: echo(secret) }];
          if (printJson(redactValue(items)) === printJson(items)) return;
          expect(mayHoldToken(printJson(items))).toBe(true);
          expect(mayHoldToken(new Csv().lines(items))).toBe(true);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("finds nothing where there is nothing", () => {
    registerSecret("test-token-sandbox-one");
    expect(mayHoldToken('{"id":"test-token-sandbox"}')).toBe(false);
  });
});

it("tokenHint shows four characters at most", () => {
  expect(tokenHint("9f3a")).toBe("[REDACTED…9f3a]");
  expect(tokenHint("")).toBe("[REDACTED]");
});

it("maskTokenLike keeps what is no token", () => {
  const token = "test-token-typed-in-the-wrong-place-0123456789";
  expect(maskTokenLike(`No profile named "${token}"`)).toBe('No profile named "test…"');
  const plain = "4a1b2c3d-0000-4000-8000-1234567890ab is not at https://api.atoa.me/api/payments/v1/payment-status";
  expect(maskTokenLike(plain)).toBe(plain);
});
