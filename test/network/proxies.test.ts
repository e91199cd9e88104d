import { writeFileSync } from "node:fs";
import type { ServerOptions } from "node:https";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../e2e/program";
import { certificate } from "./certificates";
import { against, type Observed, observed, pairedHome, sentence, token } from "./observed";
import { httpServer, httpsServer, listen, tcpServer } from "./servers";
import { freePort, hasProxy, ownAddress, type RunningProxy, startProxy } from "./tinyproxy";

const authority = certificate({ name: "Test CA", isAuthority: true });
const folder = temporaryFolder();
const trusted = { NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") };
writeFileSync(trusted.NODE_EXTRA_CA_CERTS, authority.cert);

const user = "till";
/** tinyproxy takes only plain passwords; the ones that need encoding are for the proxies below that nobody runs. */
const password = "Passw0rd0815";
const hardPassword = "p@ss:w/rd-0815";
const inUrl = `${user}:${password}`;
const secretForms = [password, hardPassword].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(`${user}:${secret}`).toString("base64"),
]);

beforeEach(({ skip }) => skip(!hasProxy));

interface Place {
  readonly origin: string;
  readonly target: string;
  readonly heard: readonly unknown[];
  run(env: Record<string, string>, argv?: readonly string[]): Promise<Observed>;
}

/** An https API on this machine's own address, and a home that is paired with it. */
async function place(): Promise<Place> {
  const key = certificate({ name: "api", hosts: [ownAddress], issuer: authority });
  const server = await httpsServer(key, undefined, ownAddress);
  const atoa = against(server.origin);
  const run = (env: Record<string, string>, argv: readonly string[] = ["stores", "list", "--verbose"]) =>
    atoa(argv, { env: { ...trusted, ...env } });
  return { origin: server.origin, target: server.origin.replace("https://", ""), heard: server.heard, run };
}

/** Ports to which the program itself connected. */
function dialled(outcome: Observed): string[] {
  return outcome.observations.flatMap((one) => (one.type === "socket" ? [`${one.host}:${one.port}`] : []));
}

function expectNoSecret(outcome: Observed): void {
  for (const secret of [...secretForms, token]) expect(outcome.stdout + outcome.stderr).not.toContain(secret);
  expect(outcome.stderr).not.toContain("    at ");
}

describe("a real proxy", () => {
  let api: Place;
  let proxy: RunningProxy;
  beforeAll(async () => {
    if (!hasProxy) return;
    api = await place();
    proxy = await startProxy();
  });

  it.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])("is used when %s names it", async (variable) => {
    const before = proxy.asked().length;
    const outcome = await api.run({ [variable]: `http://${proxy.host}` });
    expect(outcome).toMatchObject({ code: 0, stdout: '{\n  "answered": true\n}\n' });
    expect(dialled(outcome)).toEqual([proxy.host]);
    expect(proxy.asked().slice(before)).toEqual([`CONNECT ${api.target}`]);
  });

  it("is used without a scheme, and by lower case before upper case", async () => {
    const outcome = await api.run({ https_proxy: proxy.host, HTTPS_PROXY: `http://127.0.0.1:${await freePort()}` });
    expect(outcome.code).toBe(0);
    expect(dialled(outcome)).toEqual([proxy.host]);
  });

  it("is not hidden by an empty variable of another spelling", async () => {
    const outcome = await api.run({ https_proxy: "", HTTPS_PROXY: `http://${proxy.host}`, no_proxy: "", NO_PROXY: "" });
    expect(outcome.code).toBe(0);
    expect(dialled(outcome)).toEqual([proxy.host]);
  });

  it("does not lend its name to a direct connection when the variables are empty", async () => {
    const outcome = await api.run({ https_proxy: "", HTTPS_PROXY: "", http_proxy: " ", HTTP_PROXY: "" });
    expect(outcome.code).toBe(0);
    expect(dialled(outcome)).toEqual([api.target]);
  });

  it.each([
    ["NO_PROXY", (target: string) => target],
    ["no_proxy", (target: string) => target.replace(/:.*/, "")],
    ["NO_PROXY", () => "*"],
    ["no_proxy", (target: string) => `example.com, ${target} ,other.example`],
  ])("is passed by for hosts in %s: %s", async (variable, list) => {
    const before = proxy.asked().length;
    const outcome = await api.run({ HTTPS_PROXY: `http://${proxy.host}`, [variable]: list(api.target) });
    expect(outcome.code).toBe(0);
    expect(dialled(outcome)).toEqual([api.target]);
    expect(proxy.asked().length).toBe(before);
  });

  it("stays in use for hosts that NO_PROXY does not name", async () => {
    const others = `example.com,${api.target.replace(/\d$/, "")},${ownAddress}0,1${ownAddress},${ownAddress}:1`;
    const outcome = await api.run({ HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: others });
    expect(outcome.code).toBe(0);
    expect(dialled(outcome)).toEqual([proxy.host]);
  });

  it("never sees loopback", async () => {
    const server = await httpServer((_, response) => response.end("{}"));
    for (const name of ["127.0.0.1", "localhost"]) {
      const before = proxy.asked().length;
      const outcome = await against(server.origin.replace("127.0.0.1", name))(["stores", "list"], {
        env: { HTTP_PROXY: proxy.host, HTTPS_PROXY: proxy.host },
      });
      expect(outcome.code).toBe(0);
      expect(proxy.asked().length).toBe(before);
    }
  });

  it("gets the token of nobody: it is inside the tunnel", async () => {
    let seen = "";
    const spy = createTcpServer((socket) => {
      const tunnel = connect(proxy.port, "127.0.0.1");
      for (const end of [socket, tunnel]) end.on("error", () => undefined).on("close", () => tunnel.destroy());
      socket.on("data", (chunk) => (seen += chunk.toString("latin1")));
      socket.pipe(tunnel).pipe(socket);
    });
    const outcome = await api.run({ HTTPS_PROXY: `127.0.0.1:${await listen(spy)}` });
    expect(outcome.code).toBe(0);
    expect(seen).toMatch(new RegExp(`^CONNECT ${api.target} HTTP/1\\.1\r\n`));
    expect(seen).not.toContain(token);
    expect(seen).not.toMatch(/authorization|atoa|x-cli/i);
  });

  it("resolves the name of the API itself: this machine looks nothing up", async () => {
    const origin = "https://api.nowhere.invalid";
    const outcome = await observed(["stores", "list"], {
      env: { ATOA_HOME: pairedHome(origin), ATOA_BASE_URL: origin, HTTPS_PROXY: `http://${proxy.host}` },
    });
    expect(outcome.code).toBe(6);
    expect(sentence(outcome.stderr)).toMatch(
      /The proxy http:\/\/127\.0\.0\.1:\d+ could not reach api\.nowhere\.invalid/,
    );
    expect(outcome.observations.filter((one) => one.type === "lookup" && !/^127\./.test(one.host))).toEqual([]);
  });

  it("carries a write", async () => {
    const outcome = await api.run({ HTTPS_PROXY: `http://${proxy.host}` }, [
      "payments",
      "create",
      "--amount",
      "2.00",
      "--orderId",
      "o-1",
    ]);
    expect(outcome.code).toBe(0);
  });

  it("is told apart from the API when a certificate behind it is bad", async () => {
    const outcome = await api.run({ HTTPS_PROXY: `http://${proxy.host}`, NODE_EXTRA_CA_CERTS: "" });
    expect(outcome.code).toBe(6);
    expect(sentence(outcome.stderr)).toContain(`The certificate of ${api.target} comes from a CA`);
  });
});

describe("what holds behind a proxy too", () => {
  it("TLS 1.3, and the API's own certificate", async () => {
    const proxy = await startProxy();
    const [notBefore, notAfter] = [new Date(Date.now() - 9e9), new Date(Date.now() - 9e8)];
    const hosts = [ownAddress];
    const cases = [
      [
        { ...certificate({ name: "api", hosts, issuer: authority }), maxVersion: "TLSv1.2" },
        /does not support TLS 1\.3/,
      ],
      [certificate({ name: "api", hosts, issuer: authority, notBefore, notAfter }), /has expired/],
      [certificate({ name: "api", hosts: ["other.example"], issuer: authority }), /belongs to another host/],
      [certificate({ name: "api", hosts }), /is self-signed/],
    ] as const;
    for (const [options, words] of cases) {
      const server = await httpsServer(options as ServerOptions, undefined, ownAddress);
      const env = { ...trusted, HTTPS_PROXY: proxy.host, ATOA_MAX_RETRIES: "2" };
      const outcome = await against(server.origin)(["stores", "list"], { env });
      expect(outcome).toMatchObject({ code: 6, stdout: "" });
      expect(sentence(outcome.stderr)).toMatch(words);
      expect(dialled(outcome)).toEqual([proxy.host]);
      expect(server.heard).toEqual([]);
    }
  });
});

describe("a proxy that says no", () => {
  it("refuses by its rules: one sentence, no retry", async () => {
    const api = await place();
    const proxy = await startProxy(["ConnectPort 443"]);
    const outcome = await api.run({ HTTPS_PROXY: `http://${proxy.host}`, ATOA_MAX_RETRIES: "2" });
    expect(outcome).toMatchObject({ code: 6, stdout: "" });
    expect(sentence(outcome.stderr)).toMatch(
      new RegExp(`The proxy http://${proxy.host} refused to connect to ${api.target} \\(HTTP 403\\).* — .*NO_PROXY`),
    );
    expect(proxy.asked()).toHaveLength(1);
    expect(api.heard).toEqual([]);
  });

  it("asks for a password: the sentence names the variable that is set", async () => {
    const api = await place();
    const proxy = await startProxy([`BasicAuth ${user} ${password}`]);
    const without = await api.run({ https_proxy: `http://${proxy.host}`, ATOA_MAX_RETRIES: "2" });
    expect(without).toMatchObject({ code: 6, stdout: "" });
    expect(sentence(without.stderr)).toMatch(/requires a user name and password.* — put them into https_proxy as/);
    expect(proxy.asked()).toHaveLength(1);
    expect(api.heard).toEqual([]);

    const wrong = await api.run({ HTTPS_PROXY: `http://${user}:${password.slice(1)}@${proxy.host}` });
    expect(wrong.code).toBe(6);
    expect(sentence(wrong.stderr)).toMatch(/or rejected the ones it was given/);
    expectNoSecret(wrong);

    const right = await api.run({ HTTPS_PROXY: `http://${inUrl}@${proxy.host}` });
    expect(right.code).toBe(0);
    expect(right.stderr).toContain("> GET https://");
    expectNoSecret(right);
  });

  it("keeps the credentials of its URL out of every message", async () => {
    const api = await place();
    const down = `127.0.0.1:${await freePort()}`;
    const argv = ["payments", "create", "--amount", "1.00", "--orderId", "o", "--verbose"];
    const hard = `${user}:${encodeURIComponent(hardPassword)}`;
    const variables = [
      `http://${hard}@${down}`,
      `http://${user}:${hardPassword}@${down}`,
      `ftp://${hard}@${down}`,
      `http://${inUrl}@`,
      `http://${user}:%zz${password}@${down}`,
      `socks5://${inUrl}@${down}`,
    ];
    for (const value of variables) {
      const outcome = await api.run({ HTTPS_PROXY: value, ATOA_DEBUG: "1" }, argv);
      expect([3, 6]).toContain(outcome.code);
      for (const secret of [...secretForms, token, inUrl, hard]) expect(outcome.stderr).not.toContain(secret);
      expect(sentence(outcome.stderr)).toMatch(/HTTPS_PROXY|127\.0\.0\.1/);
    }
    expect(api.heard).toEqual([]);
  });

  it("is down: the sentence speaks of the proxy, not of the API", async () => {
    const api = await place();
    const down = `127.0.0.1:${await freePort()}`;
    const outcome = await api.run({ HTTP_PROXY: `http://${inUrl}@${down}` });
    expect(outcome).toMatchObject({ code: 6, stdout: "" });
    expect(sentence(outcome.stderr)).toMatch(
      new RegExp(`Could not connect to the proxy http://${down}: connection refused — .*HTTP_PROXY`),
    );
    expectNoSecret(outcome);
    expect(api.heard).toEqual([]);
  });

  it("cannot reach the API", async () => {
    const proxy = await startProxy();
    const origin = `https://${ownAddress}:${await freePort()}`;
    const outcome = await against(origin)(["stores", "list"], { env: { HTTPS_PROXY: `http://${proxy.host}` } });
    expect(outcome).toMatchObject({ code: 6, stdout: "" });
    expect(sentence(outcome.stderr)).toMatch(/The proxy \S+ could not reach \S+ \(HTTP 5\d\d\) — check that the proxy/);
  });

  it.each([
    ["hangs up", (socket: Socket) => socket.destroy()],
    ["hangs up politely", (socket: Socket) => socket.end()],
    ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
    ["never answers", () => undefined],
    ["answers with nonsense", (socket: Socket) => socket.end("\u001b[31mboo\r\n\r\n")],
    [
      "redirects to a login page",
      (socket: Socket) =>
        socket.end("HTTP/1.1 302 Found\r\nlocation: http://portal.example/\r\ncontent-length: 0\r\n\r\n"),
    ],
  ])("is no proxy at all and %s", async (_, react) => {
    const api = await place();
    const outcome = await api.run({ HTTPS_PROXY: await tcpServer(react), ATOA_TIMEOUT: "1" });
    expect(outcome).toMatchObject({ code: 6, stdout: "" });
    expect(sentence(outcome.stderr)).toMatch(/the proxy http:\/\/127\.0\.0\.1:\d+ .* — ./i);
    expect(outcome.ms).toBeLessThan(8000);
    expect(outcome.stderr).not.toContain("\u001b");
    // Once undici dialled a proxy that hung up thousands of times a second.
    expect(dialled(outcome)).toHaveLength(1);
    expect(api.heard).toEqual([]);
  });

  it.each([
    ["closes", (socket: Socket) => socket.end(), /The connection to .* was lost/],
    ["says nothing more", () => undefined, /within 1 s/],
    ["sends nonsense", (socket: Socket) => socket.write("nonsense ".repeat(99)), /does not speak TLS|TLS|set up/],
  ])("opens a tunnel that leads nowhere and %s", async (_, react, words) => {
    const api = await place();
    const proxy = await tcpServer((socket) => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.once("data", () => react(socket));
    });
    const outcome = await api.run({ HTTPS_PROXY: proxy, ATOA_TIMEOUT: "1" });
    expect(outcome).toMatchObject({ code: 6, stdout: "" });
    expect(sentence(outcome.stderr)).toMatch(words);
    expect(outcome.ms).toBeLessThan(8000);
    expect(dialled(outcome)).toHaveLength(1);
    expectNoSecret(outcome);
  });
});
