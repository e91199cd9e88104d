import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { command } from "../e2e/program";
import { commandIn, hasNamespaces, type Place } from "./namespaces";
import { against, type Observed, pairedHome, sentence, token } from "./observed";
import { httpServer } from "./servers";
import { freePort } from "./tinyproxy";

/** Servers that cannot be reached: exit 6, a sentence for each, what to try, and never a hang. */

const read = ["stores", "list"];
const write = ["payments", "create", "--amount", "1.00", "--orderId", "o-1"];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** When the first word was on stderr. */
  readonly saidMs?: number;
}

function expectSentence(outcome: Ended | Observed, words: RegExp, advice: RegExp): void {
  expect(sentence(outcome.stderr)).toMatch(words);
  expect(sentence(outcome.stderr).split(" — ")[1]).toMatch(advice);
  expect(outcome).toMatchObject({ code: 6, stdout: "" });
  expect(outcome.stderr).not.toContain(token);
  expect(outcome.stderr).not.toContain("    at ");
  expect(outcome.ms).toBeLessThan(20_000);
}

/** Runs `atoa` in a namespace, paired with `origin`. */
async function runIn(place: Place, origin: string, argv: readonly string[], more: object = {}): Promise<Ended> {
  const [file, args] = commandIn(place, argv);
  const env = { ATOA_HOME: pairedHome(origin), ATOA_BASE_URL: origin, ...more };
  const start = performance.now();
  let saidMs = 0;
  const whileRunning = ({ stderr }: ChildProcess) =>
    void stderr?.once("data", () => {
      saidMs = performance.now() - start;
    });
  const { code, stdout, stderr } = await command(file, args, { env, limit: 60_000, whileRunning });
  return { code, stdout, stderr, ms: performance.now() - start, saidMs };
}

/** Answers every DNS question with NXDOMAIN, on port 53 of the namespace. */
const noSuchName = `
const socket = require("node:dgram").createSocket("udp4");
socket.on("message", (question, from) => {
  const answer = Buffer.from(question);
  answer[2] = 0x81;
  answer[3] = 0x83;
  socket.send(answer.subarray(0, question.length), from.port, from.address);
});
socket.bind(53, "127.0.0.1", () => console.log("ready"));
setTimeout(() => process.exit(), 20000);
`;

describe("names", () => {
  it.runIf(hasNamespaces)("that are not known", async () => {
    const server = `'${process.execPath}' -e '${noSuchName.replaceAll("'", "")}' > /dev/null 2>&1 & sleep 0.5`;
    const place: Place = { isolated: true, resolver: "nameserver 127.0.0.1\noptions timeout:1\n", prepare: [server] };
    const outcome = await runIn(place, "https://api.nowhere.example", read);
    expectSentence(outcome, /Could not resolve api\.nowhere\.example/, /the spelling in ATOA_BASE_URL/);
  });

  it.runIf(hasNamespaces)("that nobody answers for", async () => {
    const place: Place = { isolated: true, resolver: "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n" };
    const outcome = await runIn(place, "https://api.nowhere.example", write);
    expectSentence(outcome, /Could not resolve \S+: no response from DNS; nothing was sent/, /check your connection/);
  });

  it.runIf(hasNamespaces)("that nobody answers for, when the time of the attempt is over first", async () => {
    // A resolver that swallows questions. Node ends only when the system's look-up gives up, after 5 s here; what there
    // is to say is said when the time is over.
    const silent = `'${process.execPath}' -e 'require("node:dgram").createSocket("udp4").bind(53, "127.0.0.1");setTimeout(()=>process.exit(),20000)' >/dev/null 2>&1 & sleep 0.5`;
    const place: Place = {
      isolated: true,
      resolver: "nameserver 127.0.0.1\noptions timeout:5 attempts:1\n",
      prepare: [silent],
    };
    const outcome = await runIn(place, "https://api.nowhere.example", read, { ATOA_TIMEOUT: "1" });
    expectSentence(outcome, /Could not connect to api\.nowhere\.example within 1 s/, /check your network/);
    expect(outcome.saidMs).toBeLessThan(4500);
  });
});

describe("addresses", () => {
  const origin = "https://198.51.100.7";

  it("that refuse", async () => {
    const down = `http://127.0.0.1:${await freePort()}`;
    const outcome = await against(down)(read);
    expectSentence(
      outcome,
      /Could not connect to 127\.0\.0\.1:\d+: connection refused/,
      /check that it is running, and the port in ATOA_BASE/,
    );
  });

  it("that refuse a write: nothing was sent, and each retry is shown", async () => {
    const down = `http://127.0.0.1:${await freePort()}`;
    const outcome = await against(down)([...write, "--verbose"], { env: { ATOA_MAX_RETRIES: "2" } });
    expectSentence(outcome, /connection refused; nothing was sent/, /check that it is running/);
    expect(outcome.stderr.match(/^\* .*: connection refused; attempt [23] in \d+ ms$/gm)).toHaveLength(2);
  });

  it.runIf(hasNamespaces)("without a way to them", async () => {
    const outcome = await runIn({ isolated: true }, origin, write);
    expectSentence(outcome, /Could not reach 198\.51\.100\.7; nothing was sent/, /network, VPN and firewall/);
  });

  it.runIf(hasNamespaces)("that a router calls unreachable", async () => {
    const outcome = await runIn(
      { isolated: true, prepare: ["ip route add unreachable 198.51.100.0/24"] },
      origin,
      read,
    );
    expectSentence(outcome, /Could not reach 198\.51\.100\.7/, /network, VPN and firewall/);
  });

  it.runIf(hasNamespaces)("that a firewall forbids", async () => {
    const outcome = await runIn({ isolated: true, prepare: ["ip route add prohibit 198.51.100.0/24"] }, origin, read);
    expectSentence(outcome, /This machine does not allow connections to 198\.51\.100\.7/, /firewall/);
  });

  it.runIf(process.platform === "linux")("that accept nobody any more: a time limit on connecting", async () => {
    const { port } = await fullServer();
    const run = against(`http://127.0.0.1:${port}`);
    const outcome = await run(write, { env: { ATOA_TIMEOUT: "1" } });
    expectSentence(outcome, /Could not connect to 127\.0\.0\.1:\d+ within 1 s; nothing was sent/, /ATOA_TIMEOUT/);
    expect(outcome.ms).toBeLessThan(8000);
  });

  it.runIf(process.platform === "linux")(
    "that accept nobody, for a DELETE: tried again, since nothing was sent",
    async () => {
      const { port } = await fullServer();
      const env = { ATOA_TIMEOUT: "0.5", ATOA_MAX_RETRIES: "1" };
      const outcome = await against(`http://127.0.0.1:${port}`)(["customers", "delete", "c_1", "--yes", "--verbose"], {
        env,
      });
      expectSentence(outcome, /Could not connect to \S+ within 0\.5 s; nothing was sent/, /ATOA_TIMEOUT/);
      expect(outcome.stderr).toMatch(/attempt 2 in \d+ ms/);
    },
  );
});

describe("localhost", () => {
  it.each(["127.0.0.1", "::1"])("is found when the server listens on %s", async (host) => {
    const server = await httpServer((_, response) => response.end('{"on":1}'), host);
    const outcome = await against(`http://${host.includes(":") ? `[${host}]` : host}:${server.port}`)(read);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
  });

  it.runIf(hasNamespaces).each([
    ["127.0.0.1", "127.0.0.1 localhost\n"],
    ["::1", "::1 localhost\n"],
    ["127.0.0.1", "::1 localhost\n127.0.0.1 localhost\n"],
    ["::1", "127.0.0.1 localhost\n::1 localhost\n"],
  ])("is found on %s when /etc/hosts says %j", async (host, hosts) => {
    const server = await httpServer((_, response) => response.end('{"on":1}'), host);
    const outcome = await runIn({ isolated: false, hosts }, `http://localhost:${server.port}`, read);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(server.heard).toHaveLength(1);
  });

  it.runIf(hasNamespaces)("that refuses on both says so once", async () => {
    const hosts = "127.0.0.1 localhost\n::1 localhost\n";
    const outcome = await runIn({ isolated: false, hosts }, `http://localhost:${await freePort()}`, read);
    expectSentence(outcome, /Could not connect to localhost:\d+: connection refused/, /check that it is running/);
  });
});

const children: ChildProcess[] = [];
const sockets: Socket[] = [];
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const child of children) child.kill("SIGKILL");
});

/** A server that is stopped in its tracks and whose queue of connections is full: the next one waits for ever. */
async function fullServer(): Promise<{ port: number }> {
  const code = `const s=require("node:net").createServer().listen({port:0,host:"127.0.0.1",backlog:1},()=>console.log(s.address().port))`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(String(line).trim());
  child.kill("SIGSTOP");
  for (let taken = 0; taken < 20; taken++) {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    sockets.push(socket);
    const joined = await Promise.race([
      once(socket, "connect").then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 700)),
    ]);
    if (!joined) return { port };
  }
  throw new Error("the queue of connections does not fill");
}
