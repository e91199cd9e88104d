import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readJournal } from "../../src/webhooks/journal";
import { makeEvent } from "../../src/webhooks/made-event";
import { post } from "../../src/webhooks/post";
import { afterFile } from "../after-file";
import { needs } from "../needs";
import { some, times } from "../scale.mjs";
import { ProcessWatch, tokenIn } from "./leaks";
import { bareEnvironment, program, type Rig, rig, root, temporaryFolder } from "./program";

/** Webhooks on this machine, by the built program, the emulator and receivers that are processes of their own. */

const signingSecret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;

interface Started {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Where a token was seen: its output, its command line and environment, those of its children. */
  leaks(): readonly string[];
  /** Resolves when a stream says something. */
  says(stream: "stdout" | "stderr", text: string): Promise<void>;
  ended(): Promise<number | null>;
}

function start(file: string, argv: readonly string[], env: NodeJS.ProcessEnv): Started {
  const child = spawn(file, argv, { env: { ...bareEnvironment(), ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text) => {
      output[name] += text;
    });
  }
  const watch = new ProcessWatch(child.pid);
  const closed = once(child, "close").finally(() => watch.end());
  const leaks = () => [...watch.end(), ...(["stdout", "stderr"] as const).filter((name) => tokenIn(output[name]))];
  afterFile(() => void child.kill("SIGKILL"));
  const says = async (stream: "stdout" | "stderr", text: string) => {
    for (const end = Date.now() + 50_000; !output[stream].includes(text); ) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`${text}: never said\n${output.stderr}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  return { child, output, leaks, says, ended: async () => ((await closed) as [number | null])[0] };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Resolves when somebody takes connections there. */
async function listens(port: number): Promise<void> {
  for (const end = Date.now() + 50_000; ; await new Promise((done) => setTimeout(done, 50))) {
    const socket = connect(port, "127.0.0.1");
    const open = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    if (Date.now() > end) throw new Error(`nobody listens on ${port}`);
  }
}

async function listener(at: Rig, ...flags: string[]): Promise<Started & { port: number }> {
  const port = await freePort();
  const started = start(process.execPath, [program, "webhooks", "listen", "--port", String(port), ...flags], at.env);
  await started.says("stderr", "Ready on");
  return { ...started, port };
}

async function receiver(port: number, secret: string): Promise<Started> {
  const started = start(process.execPath, [join(root, "examples/webhooks/receiver.mjs"), String(port)], {
    WEBHOOK_SECRET: secret,
  });
  await started.says("stdout", "ready");
  return started;
}

const trigger = (at: Rig, orderId: string) =>
  at.run(["webhooks", "trigger", "PAYMENTS_STATUS", "--orderId", orderId, "--amount", "25.00"]);
const webhooksOf = async (at: Rig) => JSON.parse((await at.run(["webhooks", "list"])).stdout) as { url: string }[];
const registeredBy = async (at: Rig, port: number) =>
  (await webhooksOf(at)).filter(({ url }) => url.includes(`:${port}/`));

describe("webhooks listen", () => {
  it("needs nothing but an emulator: it registers, forwards, journals and cleans up", async () => {
    const at = await rig();
    const app = await freePort();
    await receiver(app, at.emulator.tokens.sandbox);
    const listening = await listener(
      at,
      "--forward",
      String(app),
      "--count",
      "2",
      "--timeout",
      "50s",
      "--output",
      "ndjson",
    );
    await at.login("acme", "sandbox");
    expect(await registeredBy(at, listening.port)).toHaveLength(3);
    for (const order of ["order-1", "order-2"]) expect((await trigger(at, order)).code).toBe(0);
    expect(await listening.ended(), listening.output.stderr).toBe(0);
    expect(listening.leaks()).toEqual([]);
    const lines = listening.output.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type).sort()).toEqual(["answered", "answered", "delivery", "delivery", "ready"]);
    expect(lines[0]).toMatchObject({ type: "ready", port: listening.port });
    expect(lines.filter(({ type }) => type === "delivery")).toMatchObject([{ verified: true }, { verified: true }]);
    expect(lines.filter(({ type }) => type === "answered")).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(await registeredBy(at, listening.port)).toEqual([]);
    const folder = join(at.home, ".config/atoa/webhooks");
    expect(readdirSync(folder)).toEqual(["journal"]);
    const journal = join(folder, "journal", `${listening.port}.ndjson`);
    expect(statSync(journal).mode & 0o777).toBe(0o600);

    const line = join(temporaryFolder(), "line.json");
    writeFileSync(line, JSON.stringify(lines.find(({ type }) => type === "delivery")));
    const verified = await at.run(["webhooks", "verify", "--delivery", `@${line}`]);
    expect(verified.code, verified.stderr).toBe(0);
    expect(verified.stderr).toContain("not status or amount");
    const replayed = await at.run(["webhooks", "replay", "--last", "2"]);
    expect(replayed.code, replayed.stderr).toBe(0);
    expect(JSON.parse(replayed.stdout)).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect((await at.run(["reset", "--yes"])).code).toBe(0);
    expect(existsSync(journal)).toBe(false);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends it with %i, after it has cleaned up", async (signal, code) => {
    const at = await rig();
    await at.login("acme", "sandbox");
    const listening = await listener(at);
    expect(await registeredBy(at, listening.port)).toHaveLength(3);
    listening.child.kill(signal);
    expect(await listening.ended()).toBe(code);
    expect(await registeredBy(at, listening.port)).toEqual([]);
  });

  it("registers the address of a tunnel, and takes it back", async () => {
    const at = await rig();
    await at.login("acme", "sandbox");
    const tunnel = "https://tunnel.example.net/hooks";
    const listening = await listener(at, "--publicUrl", tunnel, "--event", "PAYMENTS_STATUS");
    const registered = async () => (await webhooksOf(at)).filter(({ url }) => url.startsWith(tunnel));
    expect(await registered()).toHaveLength(1);
    listening.child.kill("SIGINT");
    expect(await listening.ended()).toBe(130);
    expect(await registered()).toEqual([]);
    const plain = ["webhooks", "listen", "--publicUrl", "http://tunnel.example.net/hooks"];
    expect((await at.run(plain)).code).toBe(3);
  });

  it("names what a killed one left, and replaces no webhook", async () => {
    const at = await rig();
    await at.login("acme", "sandbox");
    const killed = await listener(at, "--event", "PAYMENTS_STATUS");
    killed.child.kill("SIGKILL");
    await killed.ended();
    const next = await at.run(["webhooks", "listen", "--port", String(killed.port), "--event", "PAYMENTS_STATUS"]);
    expect(next.code).toBe(3);
    expect(next.stderr).toContain("an earlier listener left webhook");
    expect(next.stderr).toContain("PAYMENTS_STATUS already has a webhook");
    const remedy = /`atoa (webhooks delete [^`]+)`/.exec(next.stderr)?.[1] ?? "";
    expect((await at.run(remedy.split(" "))).code).toBe(0);
    const free = await listener(at, "--event", "PAYMENTS_STATUS");
    free.child.kill("SIGINT");
    expect(await free.ended()).toBe(130);
  });

  it("ends with 6 when the count is not reached in time, with 1 when a forward failed", async () => {
    const at = await rig();
    await at.login("acme", "sandbox");
    expect((await at.run(["webhooks", "listen", "--port", "0", "--count", "1", "--timeout", "1s"])).code).toBe(6);
    expect((await at.run(["webhooks", "listen", "--port", "0", "--timeout", "1s"])).code).toBe(0);
    const down = await listener(at, "--forward", String(await freePort()), "--count", "1");
    await trigger(at, "order-1");
    expect(await down.ended()).toBe(1);
    expect(down.output.stdout).toContain("→ connection refused");
  });

  it("without an emulator it says what is possible, and receives", async () => {
    const at = await rig();
    await at.emulator.close();
    const listening = await listener(at, "--count", "1");
    await listening.says("stderr", "nothing is registered");
    const event = makeEvent({ eventType: "PAYMENTS_STATUS" }, { scheme: "v1", secret: "x" }, [], Date.now());
    const url = new URL(`http://127.0.0.1:${listening.port}/`);
    expect(await post(url, event, { limitMs: 20_000 })).toMatchObject({ status: 200 });
    expect(await listening.ended()).toBe(0);
    expect(listening.output.stdout).toContain("not verified: no key");
  });

  it("loses nothing and keeps the order while its target is killed and started again", async () => {
    const at = await rig();
    await at.login("acme", "sandbox");
    const token = at.emulator.tokens.sandbox;
    const app = await freePort();
    let target = await receiver(app, token);
    const listening = await listener(at, "--forward", String(app));
    const url = new URL(`http://127.0.0.1:${listening.port}/`);
    const count = times(1000, 100);
    const seen: string[] = [];
    const sent: Promise<unknown>[] = [];
    for (let n = 0; n < count; n++) {
      const event = makeEvent(
        { eventType: "PAYMENTS_STATUS", orderId: `order-${n}` },
        { scheme: "v1", secret: token },
        [],
        Date.now(),
      );
      sent.push(post(url, event, { limitMs: 100_000 }));
      if (n % 100 === 50) {
        target.child.kill("SIGKILL");
        await target.ended();
        seen.push(...target.output.stdout.split("\n"));
        target = await receiver(app, token);
      }
      if (n % 20 === 0) await Promise.all(sent);
    }
    await Promise.all(sent);
    target.child.kill();
    await target.ended();
    seen.push(...target.output.stdout.split("\n"));
    listening.child.kill("SIGINT");
    await listening.ended();
    const journalled = readJournal(join(at.home, ".config/atoa/webhooks/journal")).map(
      ({ body }) => JSON.parse(Buffer.from(body, "base64").toString()).orderId as string,
    );
    expect(new Set(journalled).size).toBe(count);
    const orders = seen.flatMap((line) => /^(order-\d+) /.exec(line)?.[1] ?? []);
    expect(orders.length).toBeGreaterThan(count / 2);
    expect(orders).toEqual(journalled.filter((order) => orders.includes(order)));
  }, 300_000);

  it("asks in production, and keeps no journal there", async () => {
    const at = await rig();
    await at.login("acme", "production");
    const refused = await at.run(["webhooks", "listen", "--port", "0", "--env", "production"]);
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain("--yes is needed");
    const listening = await listener(at, "--env", "production", "--yes");
    listening.child.kill("SIGINT");
    await listening.ended();
    expect(existsSync(join(at.home, ".config/atoa/webhooks/journal"))).toBe(false);
  });
});

describe("webhooks verify", () => {
  const body = '{"orderId":"order-001","status":"COMPLETED","eventType":"PAYMENTS_STATUS"}';
  const signature = "v1=889ae865962af04d4be8af3a6f9f9f6af6f441e595c3514e070d0fbd205b8784";

  it("exits with 0, 1, 2 or 3, and never repeats a secret", async () => {
    const at = await rig();
    await at.login("acme", "sandbox");
    const verify = (flags: readonly string[], stdin = body) =>
      at.run(["webhooks", "verify", "--body", "-", "--signature", signature, ...flags], { stdin });
    expect((await verify([])).code).toBe(2);
    const stored = await at.run(["webhooks", "secret", "--stdin"], { stdin: `${signingSecret}\n` });
    expect(stored.code, stored.stderr).toBe(0);
    expect((await verify([])).code).toBe(0);
    const broken = await verify([], `${body}\n`);
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject({ verified: false, reason: "BODY_TRAILING_NEWLINE" });
    const inline = await verify(["--secret", signingSecret]);
    expect(inline).toMatchObject({ code: 3, stdout: "" });
    expect(inline.stderr).not.toContain(signingSecret.slice(6));
    expect((await at.run(["webhooks", "verify", "--body", body])).code).toBe(3);
    const wrong = await at.run(["webhooks", "secret", "--stdin"], { stdin: "hunter2-hunter2" });
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).not.toContain("hunter2");
  });

  it("takes ATOA_TOKEN in the place of profiles", async () => {
    const at = await rig();
    const { body: made } = makeEvent({ eventType: "REFUND_STATUS" }, { scheme: "v1", secret: "ci-token" }, [], 0);
    const options = { stdin: made.toString(), env: { ATOA_TOKEN: "ci-token" } };
    const verified = await at.run(["webhooks", "verify", "--body", "-"], options);
    expect(verified.code, verified.stderr).toBe(0);
    expect(verified.stdout).not.toContain("ci-token");
  });

  it("--confirm asks the API, and ends with 1 when it says otherwise", async () => {
    const at = await rig();
    await at.login("acme", "sandbox");
    const listening = await listener(at, "--output", "ndjson", "--count", "1");
    const created = await at.run(["payments", "create", "--amount", "10.05", "--orderId", "order-9"]);
    const { paymentRequestId } = JSON.parse(created.stdout);
    at.emulator.approve(paymentRequestId);
    await listening.ended();
    const line = listening.output.stdout.split("\n").find((text) => text.includes('"delivery"')) ?? "";
    const agreed = await at.run(["webhooks", "verify", "--delivery", "-", "--confirm"], { stdin: line });
    expect(agreed.code, agreed.stderr).toBe(0);
    expect(JSON.parse(agreed.stdout)).toMatchObject({ confirmed: true });
    const delivery = JSON.parse(line);
    const altered = { ...JSON.parse(Buffer.from(delivery.body, "base64").toString()), paidAmount: "9999.00" };
    const lie = { ...delivery, body: Buffer.from(JSON.stringify(altered)).toString("base64") };
    const denied = await at.run(["webhooks", "verify", "--delivery", "-", "--confirm"], { stdin: JSON.stringify(lie) });
    expect(denied.code).toBe(1);
    expect(JSON.parse(denied.stdout)).toMatchObject({ verified: true, confirmed: false });
  });
});

describe("the receivers of the documentation", () => {
  const runtimes = [
    ["Node", process.execPath, (port: number) => [join(root, "examples/webhooks/receiver.mjs"), String(port)]],
    ["Python", "python3", (port: number) => [join(root, "examples/webhooks/receiver.py"), String(port)]],
    ["PHP", "php", (port: number) => ["-S", `127.0.0.1:${port}`, join(root, "examples/webhooks/receiver.php")]],
  ] as const;

  describe.each(some(runtimes, 3))("%s", (name, file, argv) => {
    it.skipIf(name !== "Node" && !needs(file)).each([
      ["v1", "test-token-of-the-shop"],
      ["v2", signingSecret],
    ])(
      "passes every attack of check, %s",
      async (_, secret) => {
        const at = await rig();
        const port = await freePort();
        start(file, argv(port), { WEBHOOK_SECRET: secret });
        await listens(port);
        const checked = await at.run(["webhooks", "check", "--to", String(port), "--secret", "-"], { stdin: secret });
        expect(checked.code, checked.stderr).toBe(0);
      },
      120_000,
    );

    it.skipIf(name !== "Node" && !needs(file))("accepts nothing without its secret", async () => {
      const port = await freePort();
      const started = start(file, argv(port), {});
      if (name !== "PHP") expect(await started.ended()).not.toBe(0);
      else {
        const { body, headers } = makeEvent({ eventType: "PAYMENTS_STATUS" }, { scheme: "v1", secret: "" }, [], 0);
        await listens(port);
        const outcome = await post(new URL(`http://127.0.0.1:${port}/`), { body, headers }, { limitMs: 20_000 });
        expect(outcome.status).toBe(503);
      }
    });
  });
});
