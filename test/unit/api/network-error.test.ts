import { describe, expect, test } from "vitest";
import { AttemptTimeout } from "../../../src/api/connection";
import { explainNetworkFailure, type FailureContext } from "../../../src/api/network-error";

const direct: FailureContext = { host: "api.atoa.me", timeoutMs: 30_000, connected: false };
const proxied: FailureContext = { ...direct, proxy: "http://proxy.example:3128", proxyVariable: "https_proxy" };

function fault(code: string, message = "x", cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), code === "" ? {} : { code });
}

describe("a sentence for each failure", () => {
  test.each<[string, boolean, RegExp]>([
    ["ENOTFOUND", false, /^Could not resolve api\.atoa\.me$/],
    ["EAI_AGAIN", false, /no response from DNS/],
    ["ECONNREFUSED", false, /^Could not connect to api\.atoa\.me: connection refused$/],
    ["EHOSTUNREACH", false, /^Could not reach api\.atoa\.me$/],
    ["ENETUNREACH", false, /^Could not reach api\.atoa\.me$/],
    ["ETIMEDOUT", false, /^Could not connect to api\.atoa\.me within 30 s$/],
    ["UND_ERR_CONNECT_TIMEOUT", false, /^Could not connect to api\.atoa\.me within/],
    ["EACCES", false, /does not allow/],
    ["ECONNRESET", false, /^The connection to \S+ was lost/],
    ["UND_ERR_SOCKET", false, /^The connection to \S+ was lost/],
    ["CERT_HAS_EXPIRED", true, /^The certificate of api\.atoa\.me has expired$/],
    ["CERT_NOT_YET_VALID", true, /not valid yet/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", true, /is self-signed/],
    ["SELF_SIGNED_CERT_IN_CHAIN", true, /CA that this machine does not trust/],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", true, /CA that this machine does not trust/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", true, /belongs to another host/],
    ["CERT_REVOKED", true, /revoked/],
    ["CERT_SIGNATURE_FAILURE", true, /cannot be verified \(CERT_SIGNATURE_FAILURE\)/],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", true, /TLS 1\.3/],
    ["ERR_SSL_UNSUPPORTED_PROTOCOL", true, /TLS 1\.3/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", true, /does not speak TLS on this port/],
    ["EPROTO", true, /secure connection/],
    ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", true, /secure connection/],
    ["ESOMETHINGNEW", false, /^The connection to api\.atoa\.me failed \(ESOMETHINGNEW\)$/],
    ["", false, /^The connection to api\.atoa\.me failed$/],
  ])("%s", (code, permanent, message) => {
    const explained = explainNetworkFailure(fault(code), direct);
    expect(explained.message).toMatch(message);
    expect(explained.permanent).toBe(permanent);
    expect(explained.hint.length).toBeGreaterThan(10);
    expect(`${explained.message}${explained.hint}`).not.toMatch(/REJECT_UNAUTHORIZED|insecure|disable/i);
  });

  test("is found in causes and among the addresses that were tried", () => {
    expect(explainNetworkFailure(fault("", "x", fault("ENOTFOUND")), direct).message).toContain("Could not resolve");
    const tried = new AggregateError([fault("ECONNREFUSED"), fault("ECONNREFUSED")]);
    expect(explainNetworkFailure(tried, direct).message).toContain("refused");
    const circle = fault("");
    circle.cause = circle;
    expect(explainNetworkFailure(circle, direct).message).toContain("failed");
    expect(explainNetworkFailure("not even an error", direct).message).toContain("failed");
  });

  test("knows how far the attempt came", () => {
    const over = new AttemptTimeout("x");
    expect(explainNetworkFailure(over, direct).message).toBe("Could not connect to api.atoa.me within 30 s");
    expect(explainNetworkFailure(over, { ...direct, connected: true }).message).toBe(
      "No complete response from api.atoa.me within 30 s",
    );
  });

  test("speaks of the proxy until the tunnel stands", () => {
    const refused = explainNetworkFailure(fault("ECONNREFUSED"), proxied);
    expect(refused.message).toBe("Could not connect to the proxy http://proxy.example:3128: connection refused");
    expect(refused.hint).toContain("https_proxy");
    const broken = explainNetworkFailure(fault("ECONNRESET"), { ...proxied, connected: true });
    expect(broken.message).toContain("api.atoa.me");
  });

  test.each([
    [407, true, "user name and password"],
    [403, true, "refused to connect to api.atoa.me"],
    [502, false, "could not reach api.atoa.me"],
    [504, false, "could not reach api.atoa.me"],
  ])("a proxy that answers %d", (status, permanent, words) => {
    const answer = fault("UND_ERR_ABORTED", `Proxy response (${status}) !== 200 when HTTP Tunneling`);
    const explained = explainNetworkFailure(answer, proxied);
    expect(explained.message).toContain(words);
    expect(explained.permanent).toBe(permanent);
  });
});
