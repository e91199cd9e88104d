import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { forgetSecrets, redact, registerSecret, tokenHint } from "../../../src/redaction";

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
  it("hides a token in every spelling, whatever stands around it", () => {
    const spellings: readonly ((token: string) => string)[] = [
      (token) => token,
      (token) => JSON.stringify(token),
      (token) => JSON.stringify(JSON.stringify({ token })),
      (token) => encodeURIComponent(token),
      (token) => Buffer.from(token).toString("base64"),
      (token) => Buffer.from(token).toString("base64url"),
      (token) => [...token].reverse().join(""),
      (token) =>
        token.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
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

  it("hides a token that is broken by blanks, line ends, control characters or invisible marks", () => {
    const breaks = fc.constantFrom(" ", "\n", "\r\n  ", "\u0000", "\u001b", "\u200b", "\u202e", "\t");
    fc.assert(
      fc.property(visible, breaks, fc.nat(), (token, mark, place) => {
        const at = 1 + (place % (token.length - 1));
        const broken = token.slice(0, at) + mark + token.slice(at);
        expect(withSecret(token, () => redact(`<${broken}>`))).toBe("<[REDACTED]>");
      }),
    );
  });

  it("leaves all other text as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
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
    expect(redact(`token ${token.slice(0, 4000)}\n${token.slice(4000)} refused`)).toBe("token [REDACTED] refused");
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

it("tokenHint shows four characters at most", () => {
  expect(tokenHint("9f3a")).toBe("[REDACTED…9f3a]");
  expect(tokenHint("")).toBe("[REDACTED]");
});
