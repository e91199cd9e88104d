import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../e2e/program";
import { certificate } from "./certificates";
import { against, type Observed, observed, pairedHome, sentence, token } from "./observed";
import { httpsServer } from "./servers";

const day = 86_400_000;
const hosts = ["localhost", "127.0.0.1"];
const authority = certificate({ name: "Test CA", isAuthority: true });
const folder = temporaryFolder();
const authorityFile = join(folder, "ca.pem");
writeFileSync(authorityFile, authority.cert);
const trusted = { NODE_EXTRA_CA_CERTS: authorityFile };

const good = certificate({ name: "localhost", hosts, issuer: authority });

/** Exit 6, one sentence with its advice, at once, and the token never left. */
function expectRefusal(outcome: Observed, heard: readonly unknown[], words: RegExp, advice: RegExp): void {
  expect(sentence(outcome.stderr)).toMatch(words);
  expect(sentence(outcome.stderr).split(" — ")[1]).toMatch(advice);
  expect(outcome).toMatchObject({ code: 6, stdout: "" });
  expect(outcome.stderr).not.toMatch(/reject.?unauthorized|insecure|--no-|disable/i);
  expect(outcome.stderr).not.toContain(token);
  expect(outcome.stderr).not.toContain("    at ");
  expect(heard).toEqual([]);
}

describe("TLS", () => {
  it("trusts a CA of one's own through NODE_EXTRA_CA_CERTS", async () => {
    const server = await httpsServer(good);
    const outcome = await against(server.origin)(["stores", "list"], { env: trusted });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(outcome.stdout)).toEqual({ answered: true });
    expect(server.heard[0]?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it("says that it does not know the CA", async () => {
    const server = await httpsServer(good);
    const outcome = await against(server.origin)(["stores", "list"]);
    expectRefusal(outcome, server.heard, /comes from a CA that this machine does not trust/, /NODE_EXTRA_CA_CERTS/);
  });

  it("says the same when the server sends its CA along", async () => {
    const server = await httpsServer({ key: good.key, cert: good.cert + authority.cert });
    const outcome = await against(server.origin)(["stores", "list"]);
    expectRefusal(outcome, server.heard, /comes from a CA that this machine does not trust/, /NODE_EXTRA_CA_CERTS/);
  });

  it("says that a certificate is self-signed", async () => {
    const server = await httpsServer(certificate({ name: "localhost", hosts }));
    const outcome = await against(server.origin)(["stores", "list"], { env: trusted });
    expectRefusal(outcome, server.heard, /is self-signed/, /NODE_EXTRA_CA_CERTS/);
  });

  it("says that a certificate has expired", async () => {
    const [notBefore, notAfter] = [new Date(Date.now() - 30 * day), new Date(Date.now() - day)];
    const server = await httpsServer(certificate({ name: "old", hosts, issuer: authority, notBefore, notAfter }));
    const outcome = await against(server.origin)(["stores", "list"], { env: trusted });
    expectRefusal(outcome, server.heard, /has expired/, /clock of this machine/);
  });

  it("says that a certificate is not valid yet", async () => {
    const notBefore = new Date(Date.now() + day);
    const server = await httpsServer(certificate({ name: "early", hosts, issuer: authority, notBefore }));
    const outcome = await against(server.origin)(["stores", "list"], { env: trusted });
    expectRefusal(outcome, server.heard, /is not valid yet/, /clock of this machine/);
  });

  it("says that a certificate belongs to another host", async () => {
    const server = await httpsServer(certificate({ name: "x", hosts: ["other.example"], issuer: authority }));
    const outcome = await against(server.origin)(["stores", "list"], { env: trusted });
    expectRefusal(outcome, server.heard, /belongs to another host/, /check the host in ATOA_BASE_URL/);
    expect(outcome.stderr).not.toContain("other.example");
  });

  it("does not speak TLS 1.2", async () => {
    const server = await httpsServer({ ...good, maxVersion: "TLSv1.2" });
    const outcome = await against(server.origin)(["stores", "list"], { env: trusted });
    expectRefusal(outcome, server.heard, /does not support TLS 1\.3/, /enable TLS 1\.3/);
  });

  it("says that a port does not speak TLS at all", async () => {
    const { httpServer } = await import("./servers");
    const plain = await httpServer((_, response) => response.end("{}"));
    const outcome = await against(plain.origin.replace("http:", "https:"))(["stores", "list"]);
    expectRefusal(outcome, plain.heard, /does not speak TLS on this port/, /the port and the scheme in ATOA_BASE_URL/);
  });

  it("tries a bad certificate once, whatever the number of retries", async () => {
    const server = await httpsServer(good);
    const outcome = await against(server.origin)(["stores", "list", "--verbose"], { env: { ATOA_MAX_RETRIES: "5" } });
    expect(outcome.code).toBe(6);
    expect(outcome.observations.filter(({ type }) => type === "socket")).toHaveLength(1);
  });

  it("tells a write that nothing was sent", async () => {
    const server = await httpsServer(good);
    const outcome = await against(server.origin)(["payments", "create", "--amount", "1.00", "--orderId", "o-1"]);
    expectRefusal(outcome, server.heard, /; nothing was sent/, /NODE_EXTRA_CA_CERTS/);
  });
});

describe("NODE_TLS_REJECT_UNAUTHORIZED=0", () => {
  it.each(["--version", "--help", "stores list", "profile list", "completion bash", ""])(
    "is refused before anything else: atoa %s",
    async (line) => {
      const argv = line.split(" ").filter((word) => word !== "");
      const server = await httpsServer(good);
      const home = pairedHome(server.origin);
      const outcome = await observed(argv, {
        env: { ATOA_HOME: home, ATOA_BASE_URL: server.origin, NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      });
      expect(outcome).toMatchObject({ code: 1, stdout: "" });
      expect(outcome.stderr).toMatch(/^error: NODE_TLS_REJECT_UNAUTHORIZED=0 .* not permitted — unset it/m);
      expect(outcome.stderr).toContain("NODE_EXTRA_CA_CERTS");
      const touched = outcome.observations.filter((one) => one.type !== "peak");
      // Node reads the program's own entry by itself.
      expect(touched.filter((one) => one.type !== "file" || !one.path.endsWith("bin/run.js"))).toEqual([]);
      expect(server.heard).toEqual([]);
    },
  );

  it("is no matter with any other value", async () => {
    const server = await httpsServer(good);
    const run = against(server.origin);
    const outcome = await run(["stores", "list"], { env: { ...trusted, NODE_TLS_REJECT_UNAUTHORIZED: "1" } });
    expect(outcome.code).toBe(0);
    const unknown = await run(["stores", "list"], { env: { NODE_TLS_REJECT_UNAUTHORIZED: "no" } });
    expect(unknown.code).toBe(6);
  });
});
