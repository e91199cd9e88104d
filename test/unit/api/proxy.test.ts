import { describe, expect, test } from "vitest";
import { findProxy } from "../../../src/api/network-settings";
import { AtoaError } from "../../../src/errors";

const api = "https://api.atoa.me";
const corporate = { origin: "http://proxy.example:3128", variable: "HTTPS_PROXY" };

describe("which proxy", () => {
  test.each<[string, NodeJS.ProcessEnv, string, object | undefined]>([
    ["none without a variable", {}, api, undefined],
    ["HTTPS_PROXY", { HTTPS_PROXY: "http://proxy.example:3128" }, api, corporate],
    [
      "a lower-case variable",
      { https_proxy: "http://proxy.example:3128" },
      api,
      { ...corporate, variable: "https_proxy" },
    ],
    [
      "lower case before upper",
      { https_proxy: "http://a", HTTPS_PROXY: "http://b" },
      api,
      { origin: "http://a", variable: "https_proxy" },
    ],
    ["no hiding by an empty one", { https_proxy: "", HTTPS_PROXY: "http://proxy.example:3128" }, api, corporate],
    [
      "HTTP_PROXY in want of another",
      { HTTPS_PROXY: " ", HTTP_PROXY: "http://h" },
      api,
      { origin: "http://h", variable: "HTTP_PROXY" },
    ],
    [
      "HTTPS_PROXY before HTTP_PROXY",
      { HTTPS_PROXY: "http://proxy.example:3128", HTTP_PROXY: "http://h" },
      api,
      corporate,
    ],
    ["a proxy without a scheme", { HTTPS_PROXY: "proxy.example:3128" }, api, corporate],
    [
      "a proxy over TLS",
      { HTTPS_PROXY: "https://proxy.example" },
      api,
      { origin: "https://proxy.example", variable: "HTTPS_PROXY" },
    ],
    ["never for localhost", { HTTPS_PROXY: "http://p", HTTP_PROXY: "http://p" }, "http://localhost:4010", undefined],
    ["never for 127.0.0.1", { HTTPS_PROXY: "http://p" }, "https://127.0.0.1", undefined],
    ["never for ::1", { HTTP_PROXY: "http://p" }, "http://[::1]:4010", undefined],
  ])("%s", (_, environment, origin, proxy) => {
    expect(findProxy(origin, environment)).toEqual(proxy);
  });

  test("credentials become a header and nothing else", () => {
    expect(findProxy(api, { HTTPS_PROXY: "http://ada:p%40ss%3Aword@proxy.example:3128" })).toEqual({
      ...corporate,
      authorization: `Basic ${Buffer.from("ada:p@ss:word").toString("base64")}`,
    });
    expect(findProxy(api, { HTTPS_PROXY: "http://ada@proxy.example:3128" })?.authorization).toBe(
      `Basic ${Buffer.from("ada:").toString("base64")}`,
    );
  });

  test.each([
    "socks5://secret:secret@proxy",
    "http://secret%zz:secret@proxy",
    "http://secret@:3128",
    "://secret",
    "http://secret secret",
  ])("%s is refused without being shown", (HTTPS_PROXY) => {
    try {
      findProxy(api, { HTTPS_PROXY });
    } catch (error) {
      if (!(error instanceof AtoaError)) throw error;
      expect(error).toMatchObject({ kind: "usage", field: "HTTPS_PROXY" });
      expect(error.message + error.hint).not.toContain("secret");
      return;
    }
    throw new Error("it was taken");
  });
});

describe("NO_PROXY", () => {
  test.each([
    ["api.atoa.me", true],
    ["API.Atoa.Me", true],
    ["atoa.me", true],
    [".atoa.me", true],
    ["*.atoa.me", true],
    ["*", true],
    ["other.example, atoa.me", true],
    ["other.example atoa.me", true],
    ["api.atoa.me:443", true],
    ["api.atoa.me:8443", false],
    ["toa.me", false],
    ["api.atoa.me.example", false],
    ["", false],
    [" , ,", false],
    [".", false],
  ])("%j", (NO_PROXY, direct) => {
    expect(findProxy(api, { HTTPS_PROXY: "http://p", NO_PROXY }) === undefined).toBe(direct);
    expect(findProxy(api, { HTTPS_PROXY: "http://p", no_proxy: NO_PROXY }) === undefined).toBe(direct);
    expect(findProxy(api, { HTTPS_PROXY: "http://p", no_proxy: "", NO_PROXY }) === undefined).toBe(direct);
  });

  test.each([
    ["[2001:db8::1]", true],
    ["2001:db8::1", true],
    ["[2001:db8::1]:443", true],
    ["[2001:db8::1]:80", false],
    ["2001:db8::2", false],
  ])("%j over IPv6", (NO_PROXY, direct) => {
    expect(findProxy("https://[2001:db8::1]", { HTTPS_PROXY: "http://p", NO_PROXY }) === undefined).toBe(direct);
  });
});
