import { describe, expect, test } from "vitest";
import { readIdentity, readNewToken, readPaymentStatus, responseError } from "../../../src/api/response";
import { exitCodes } from "../../../src/errors";
import { safeLine } from "../../../src/text";

const token = "test-token-sandbox-0123456789";
const error = (status: number, body?: unknown, more = {}) => responseError({ status, body, requestId: "r-1", ...more });

describe("each status has its exit code and its advice", () => {
  test.each([
    [400, 3],
    [401, 2],
    [402, 1],
    [403, 2],
    [404, 4],
    [405, 1],
    [408, 1],
    [409, 1],
    [413, 1],
    [422, 3],
    [429, 5],
    [500, 1],
    [502, 1],
    [503, 1],
    [504, 1],
    [599, 1],
    [301, 1],
    [302, 1],
    [304, 1],
    [307, 1],
  ])("%d", (status, exitCode) => {
    const facts = error(status, { message: "no" });
    expect(exitCodes[facts.kind]).toBe(exitCode);
    expect(facts).toMatchObject({ status, requestId: "r-1" });
    expect(facts.hint.length).toBeGreaterThan(10);
    if (status >= 400) expect(facts.message).toBe("no");
  });

  test("a pause that is too long is a rate limit", () => {
    expect(error(503, {}, { retryAfterMs: 31_000 })).toMatchObject({
      kind: "rateLimited",
      hint: "run the command again in 31 s",
    });
    expect(error(503, {}, { retryAfterMs: 30_000 }).kind).toBe("failure");
    expect(error(500, {}, { retryAfterMs: 60_000 }).kind).toBe("failure");
  });

  test("some codes have advice of their own", () => {
    expect(error(403, { name: "KYB_VERIFICATION_REQUIRED" }).hint).toContain("verification");
    expect(error(403, { name: "ADDON_UPGRADE_REQUIRED" }).hint).toContain("plan");
    expect(error(401, { errorCode: "ROLE_UNAUTHORIZED_ACCESS" }).hint).not.toContain("login");
    expect(error(401, { name: "INVALID_CREDENTIAL" }).hint).toContain("atoa login");
  });

  test("a redirect says where it pointed", () => {
    expect(error(302, undefined, { location: `https://evil.example/?t=${token}\u001b[2J` }).message).toBe(
      `The server redirected the request to https://evil.example/?t=${token} (HTTP 302); redirects are not followed`,
    );
    expect(error(304).message).toBe("The server redirected the request (HTTP 304); redirects are not followed");
  });
});

describe("the server's words", () => {
  test.each([
    [{ message: "amount must be a number" }, "amount must be a number"],
    [{ message: ["a is wrong", "b is wrong"] }, "a is wrong; b is wrong"],
    [{ message: "", error: "Bad Request" }, "Bad Request"],
    [{ error: "Bad Request" }, "Bad Request"],
    [{ message: { deep: 1 } }, "HTTP 400"],
    [{ message: 42 }, "HTTP 400"],
    [{}, "HTTP 400"],
    [undefined, "HTTP 400"],
    ["text", "HTTP 400"],
    [[1], "HTTP 400"],
  ])("%j", (body, message) => {
    expect(error(400, body).message).toBe(message);
  });

  test.each([
    [{ errorCode: "A", name: "B", customName: "C" }, "A"],
    [{ errorCode: " ", name: "B ", customName: "C" }, "B"],
    [{ name: "BAD_REQUEST", customName: "C" }, "C"],
    [{ name: "HttpException" }, undefined],
    [{ name: "BadRequestException", customName: "REAL_CODE  " }, "REAL_CODE"],
    [{ errorCode: 1042 }, "1042"],
    [{ errorCode: { a: 1 }, name: null }, undefined],
    [{}, undefined],
  ])("code of %j", (body, code) => {
    expect(error(400, body).serverCode).toBe(code);
  });

  test("are one safe line of at most 200 characters", () => {
    expect(safeLine("a\r\nb\tc\u0007\u001b[31mred\u001b[0m \u202egnirts\u0085x\u2028y")).toBe("a b cred gnirts x y");
    expect(safeLine("\u001b]0;title\u0007x\u009b31my")).toBe("xy");
    expect(safeLine("é👍 ".repeat(500)).length).toBeGreaterThan(190);
    expect(safeLine("é👍 ".repeat(500)).length).toBeLessThanOrEqual(200);
    expect(safeLine("x".repeat(200))).toBe("x".repeat(200));
  });

  test("hold no half of a word, which the redactor would not find", () => {
    for (let lead = 165; lead <= 205; lead++) {
      const line = safeLine(`${"x".repeat(lead)} ${token}`);
      expect(line.length).toBeLessThanOrEqual(200);
      expect(line.includes(token) || !line.includes("test-")).toBe(true);
    }
    for (const broken of ["\u0000", "\u200b", "\u001b[1m"]) {
      expect(safeLine(token.slice(0, 5) + broken + token.slice(5))).toBe(token);
    }
  });
});

describe("answers that the program reads", () => {
  test("identity", () => {
    const key = { sdkAccessId: "sda_1", env: "SANDBOX", keyType: "DEFAULT" };
    expect(readIdentity({ merchantId: "m", businessName: "Shop", key })).toEqual({
      merchantId: "m",
      businessName: "Shop",
      sdkAccessId: "sda_1",
      env: "sandbox",
    });
    expect(readIdentity({ merchantId: "m", businessName: "Shop" })).toEqual({ merchantId: "m", businessName: "Shop" });
    expect(readIdentity({ merchantId: "m", key: { env: "MARS" } })).toEqual({ merchantId: "m", businessName: "m" });
    for (const bad of [undefined, null, [], {}, { merchantId: 5 }, { merchantId: "" }]) {
      expect(() => readIdentity(bad)).toThrow(expect.objectContaining({ kind: "failure" }));
    }
  });
  test("new token", () => {
    expect(readNewToken({ sandboxApiSecret: "s", productionApiSecret: "p", apiSecret: "a" }, "production")).toBe("p");
    expect(readNewToken({ productionApiSecret: "p", apiSecret: "a" }, "sandbox")).toBe("a");
    expect(() => readNewToken({}, "sandbox")).toThrow(expect.objectContaining({ kind: "failure" }));
  });
  test("payment status", () => {
    expect(readPaymentStatus({ status: "PENDING" })).toBe("PENDING");
    expect(readPaymentStatus({ status: 200 })).toBeUndefined();
  });
});
