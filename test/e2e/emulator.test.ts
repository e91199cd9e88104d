import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { atoa, bareEnvironment, program, temporaryFolder } from "./program";

/** `emulator start` and `emulator exec` as people and scripts use them. */

interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly origin: string;
  readonly tokens: Record<"sandbox" | "production", string>;
  readonly stderr: () => string;
}

async function start(...flags: string[]): Promise<Started> {
  const argv = ["emulator", "start", "--port", "0", "--output", "json", ...flags];
  const child = spawn(process.execPath, [program, ...argv], { env: bareEnvironment() });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { child, ...JSON.parse(String(line)), stderr: () => stderr };
}

async function stop({ child }: Started, signal: NodeJS.Signals): Promise<[number | null, string | null]> {
  child.kill(signal);
  const [code, by] = await once(child, "close");
  return [code as number | null, by as string | null];
}

const identity = (origin: string, token: string) =>
  fetch(`${origin}/api/cli/identity`, { headers: { authorization: `Bearer ${token}` } });

describe("emulator start", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("is ready when it says so, and %s ends it clean", async (signal) => {
    const emulator = await start();
    for (const token of Object.values(emulator.tokens)) {
      expect((await identity(emulator.origin, token)).status).toBe(200);
    }
    expect(emulator.stderr()).toContain(`Atoa emulator is ready on ${emulator.origin}`);
    expect(emulator.stderr()).toContain("export ATOA_BASE_URL=");
    expect(await stop(emulator, signal)).toEqual([0, null]);
    await expect(identity(emulator.origin, emulator.tokens.sandbox)).rejects.toThrow();
  });

  it("the three lines that it prints work when pasted", async () => {
    const emulator = await start();
    const pasted = emulator.stderr().split("Paste into another terminal:\n")[1] ?? "";
    // So that lines of the documentation, which name this variable, work in that terminal too.
    expect(pasted).toContain(` ATOA_SANDBOX_TOKEN=${emulator.tokens.sandbox}`);
    const script = `atoa() { ${process.execPath} ${program} "$@"; }\n${pasted}`;
    const paste = spawn("sh", ["-euc", script], { env: bareEnvironment() });
    let stdout = "";
    paste.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    const [code] = await once(paste, "close");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty("paymentUrl");
    await stop(emulator, "SIGTERM");
  });

  it("names the port that is in use, and exits 1", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const refused = await atoa(["emulator", "start", "--port", port]);
    other.close();
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(new RegExp(`^error: Port ${port} on 127\\.0\\.0\\.1 is already in use — .*--port`));
  });

  it.each([
    [["--port", "65536"], "--port must be a port"],
    [["--port", "http"], "--port must be a port"],
    [["--fault", "POST /api/refund explode"], "explode"],
    [["--output", "xml"], "--output"],
    [["--clock", "someday"], "--clock must be a time"],
    [["--webhook", "not-a-url", "--port", "0"], "url must be a URL"],
    [["--webhook", "http://127.0.0.1:9", "--signingSecret", "secret", "--port", "0"], "whsec_"],
    [["--bogus"], "Unknown flag --bogus"],
  ])("refuses %j", async (flags, said) => {
    const refused = await atoa(["emulator", "start", ...flags]);
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toMatch(/^error: .* — .*\n$/);
    expect(refused.stderr).toContain(said);
  });

  it("says each request and each delivery in a line, unless it is quiet", async () => {
    const emulator = await start("--webhook", "http://127.0.0.1:9/hooks", "--signingSecret", "whsec_c2VjcmV0");
    const quiet = await start("--quiet");
    for (const { origin, tokens } of [emulator, quiet]) {
      const headers = { authorization: `Bearer ${tokens.sandbox}`, "idempotency-key": "once" };
      const order = { method: "POST", headers, body: JSON.stringify({ amount: 5, orderId: "o" }) };
      await fetch(`${origin}/api/payments/process-payment`, order);
      const again = await fetch(`${origin}/api/payments/process-payment`, order);
      const { paymentRequestId } = (await again.json()) as { paymentRequestId: string };
      await fetch(`${origin}/__emulator/payments/${paymentRequestId}/approve`, { method: "POST" });
      await fetch(`${origin}/__emulator/deliveries/settle`, { method: "POST" });
    }
    for (const one of [emulator, quiet]) await stop(one, "SIGTERM");
    const lines = emulator.stderr();
    expect(lines).toMatch(/^\d\d:\d\d:\d\d POST \/api\/payments\/process-payment 200 \d+ms key=once$/m);
    expect(lines).toMatch(/process-payment 200 \d+ms key=once replayed$/m);
    expect(lines).toMatch(
      /→ PAYMENTS_STATUS http:\/\/127\.0\.0\.1:9\/hooks ECONNREFUSED \d+ms, again at \d\d:\d\d:\d\d$/m,
    );
    expect(quiet.stderr()).not.toContain("process-payment 200");
  });

  it("signs what --webhook sends with --signingSecret, and calls other hosts only with --allowHost", async () => {
    const heard: { signature: unknown; body: string }[] = [];
    const receiver = createHttpServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (part) => (body += part));
      request.on("end", () => {
        heard.push({ signature: request.headers["x-atoa-signature"], body });
        response.end();
      });
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const { port } = receiver.address() as { port: number };
    // An address of this machine that is not loopback by name: to the emulator it is any other host.
    const flags = ["--webhook", `http://0.0.0.0:${port}/hooks`, "--signingSecret", "whsec_c2VjcmV0"];
    const states: unknown[] = [];
    for (const more of [[], ["--allowHost", "0.0.0.0"]]) {
      const emulator = await start(...flags, ...more);
      const control = (path: string, body?: unknown) =>
        fetch(`${emulator.origin}/__emulator${path}`, { method: "POST", body: JSON.stringify(body) });
      await control("/payments/pr_abc123/prepare", { status: "AWAITING_AUTHORIZATION" });
      await control("/payments/pr_abc123/approve");
      states.push(
        ...((await (await control("/deliveries/settle")).json()) as { state: string }[]).map((one) => one.state),
      );
      await stop(emulator, "SIGTERM");
    }
    receiver.close();
    expect(states).toEqual(["NOT_SENT", "DELIVERED"]);
    const [{ signature, body }] = heard as [(typeof heard)[0]];
    expect(signature).toBe(`v1=${createHmac("sha256", "secret").update(body).digest("hex")}`);
  });

  it("serves the names of --allowHost and no others, and lets callers from elsewhere in with --controlToken", async () => {
    const file = join(temporaryFolder(), "token.txt");
    writeFileSync(file, "test-token-of-the-control-api\n");
    const emulator = await start("--allowHost", "atoa.test", "--controlToken", `@${file}`);
    const statusOf = async (path: string, headers: Record<string, string>): Promise<number | undefined> => {
      const [response] = await once(request(emulator.origin + path, { headers }).end(), "response");
      return (response as IncomingMessage).resume().statusCode;
    };
    expect(await statusOf("/openapi.json", { host: "atoa.test" })).toBe(200);
    expect(await statusOf("/openapi.json", { host: "evil.test" })).toBe(421);
    // A caller with a name of its own is not this machine.
    expect(await statusOf("/__emulator", { host: "atoa.test" })).toBe(401);
    const authorization = "Bearer test-token-of-the-control-api";
    expect(await statusOf("/__emulator", { host: "atoa.test", authorization })).toBe(200);
    await stop(emulator, "SIGTERM");
  });

  it("begins where its flags say: time, ids, a snapshot", async () => {
    const fixed = ["--clock", "2026-02-10T09:00:00Z", "--freeze", "--ids", "sequential"];
    const first = await start(...fixed);
    const order = { method: "POST", body: JSON.stringify({ amount: 5, orderId: "kept" }) };
    const made = await fetch(`${first.origin}/api/payments/process-payment`, {
      ...order,
      headers: { authorization: `Bearer ${first.tokens.sandbox}` },
    });
    expect(await made.json()).toMatchObject({ paymentRequestId: "00000000-0000-4000-8000-000000000001" });
    const file = join(temporaryFolder(), "shop.json");
    writeFileSync(file, await (await fetch(`${first.origin}/__emulator/snapshot`)).text());
    await stop(first, "SIGTERM");

    const second = await start(...fixed, "--fixtures", file);
    const payments = await fetch(`${second.origin}/__emulator/payments?orderId=kept`);
    expect(await payments.json()).toMatchObject([{ amount: 500, createdAt: Date.parse("2026-02-10T09:00:00Z") }]);
    await stop(second, "SIGTERM");
  });

  it.each([
    ["--fixtures", undefined, "does not exist — choose another with --fixtures"],
    ["--fixtures", '{"atoaEmulator":3}', "is incomplete — choose another with --fixtures"],
    ["--dataFile", "{", "is not valid JSON — choose another with --dataFile, or delete it"],
    ["--dataFile", "{}", "is not an emulator's state — choose another with --dataFile"],
  ])("refuses %s with %j in it, and exits 1", async (flag, text, said) => {
    const file = join(temporaryFolder(), "state.json");
    if (text !== undefined) writeFileSync(file, text);
    const refused = await atoa(["emulator", "start", "--port", "0", flag, file]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(`file ${file} ${said}`);
  });

  it("warns when other machines can reach it", async () => {
    const emulator = await start("--host", "0.0.0.0");
    await expect.poll(() => emulator.stderr()).toContain("warning: --host 0.0.0.0 lets other machines connect");
    await stop(emulator, "SIGTERM");
  });

  it("keeps its state in the data file through a kill -9", async () => {
    const dataFile = join(temporaryFolder(), "state.json");
    const first = await start("--dataFile", dataFile);
    const order = { method: "POST", body: JSON.stringify({ amount: 12.5, orderId: "kept" }) };
    const headers = { authorization: `Bearer ${first.tokens.sandbox}`, "content-type": "application/json" };
    const created = await fetch(`${first.origin}/api/payments/process-payment`, { ...order, headers });
    const { paymentRequestId } = JSON.parse(await created.text());
    const kept = () => existsSync(dataFile) && readFileSync(dataFile, "utf8").includes(paymentRequestId);
    for (const end = Date.now() + 10_000; !kept() && Date.now() < end; )
      await new Promise((done) => setTimeout(done, 50));
    await stop(first, "SIGKILL");
    expect(existsSync(dataFile)).toBe(true);

    const second = await start("--dataFile", dataFile);
    const path = `/api/payments/v1/payment-status/${paymentRequestId}`;
    const status = await fetch(second.origin + path, { headers: { authorization: `Bearer ${second.tokens.sandbox}` } });
    expect(JSON.parse(await status.text())).toMatchObject({ status: "PAYMENT_NOT_INITIATED" });
    expect(await stop(second, "SIGTERM")).toEqual([0, null]);
  });
});

describe("emulator exec", () => {
  const exec = (script: string, ...flags: string[]) => atoa(["emulator", "exec", ...flags, "--", "sh", "-c", script]);

  it("runs a command with a paired profile, and leaves nothing behind", async () => {
    const TMPDIR = temporaryFolder();
    const script = 'test -d "$ATOA_HOME" && atoa whoami | grep -c "$ATOA_BASE_URL"';
    const run = await atoa(["emulator", "exec", "--", "sh", "-c", script], { env: { TMPDIR } });
    expect(run.stdout).toBe("1\n");
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it("gives a program that speaks HTTP itself an address and tokens", async () => {
    const app = `
      const { ATOA_EMULATOR_URL: url, ATOA_EMULATOR_SANDBOX_TOKEN: sandbox, ATOA_EMULATOR_PRODUCTION_TOKEN: production } = process.env;
      Promise.all([sandbox, production].map(async (token) => {
        const answer = await fetch(url + "/api/cli/identity", { headers: { authorization: "Bearer " + token } });
        return (await answer.json()).key.env;
      })).then((envs) => console.log(envs.join(" "), url === process.env.ATOA_BASE_URL));`;
    const run = await atoa(["emulator", "exec", "--", process.execPath, "-e", app]);
    expect(run).toMatchObject({ code: 0, stdout: "SANDBOX PRODUCTION true\n", stderr: "" });
  });

  it("hands none of the caller's own choices in: token, profile, store", async () => {
    const mine = { ATOA_TOKEN: "test-token-of-mine", ATOA_PROFILE: "mine", ATOA_SECRET_STORE: "keychain" };
    const script = 'atoa whoami | grep -c Rosewood; env | grep -cE "^ATOA_(TOKEN|PROFILE|SECRET_STORE)="';
    const run = await atoa(["emulator", "exec", "--", "sh", "-c", script], { env: mine });
    expect(run.stdout).toBe("1\n0\n");
  });

  it("passes arguments, stdin and the exit code on", async () => {
    const run = await atoa(
      ["emulator", "exec", "--", "sh", "-c", 'cat; echo "$1"; exit 7', "_", "--flag with blanks"],
      {
        stdin: "from stdin\n",
      },
    );
    expect(run).toMatchObject({ code: 7, stdout: "from stdin\n--flag with blanks\n", stderr: "" });
  });

  it("ends as its command ends when that is killed", async () => {
    expect(await exec("kill -TERM $$")).toMatchObject({ code: 143, stderr: "" });
  });

  it("passes a signal on and waits for the command", async () => {
    const TMPDIR = temporaryFolder();
    const script = 'trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.05; done';
    const child = spawn(process.execPath, [program, "emulator", "exec", "--", "sh", "-c", script], {
      env: { PATH: process.env.PATH, TMPDIR },
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect((await once(child, "close"))[0]).toBe(5);
    expect(stdout).toBe("ready\nbye\n");
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it("reports which operations were called, from the command's first request on", async () => {
    const run = await exec("atoa stores list >/dev/null; atoa refunds cancel nobody --yes; exit 7", "--operations");
    expect(run.code).toBe(7);
    const [, report = ""] = run.stderr.split("API operations called: ");
    expect(report).toMatch(/^2 of 39\n/);
    expect(report).toContain("  listStores (GET /api/payments/stores): 200×1\n");
    expect(report).toContain("  cancelRefund (DELETE /api/refund/{refundId}/cancel): 404×1\n");
    expect(report).toMatch(/^Never called: getCliIdentity, .*listPayouts/m);
    expect(report).not.toMatch(/^Never called: .*listStores/m);
  });

  it("says what it cannot run", async () => {
    const missing = await atoa(["emulator", "exec", "--", "no-such-program"]);
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toMatch(/^error: Could not run no-such-program \(ENOENT\) — /);
    const nothing = await atoa(["emulator", "exec"]);
    expect(nothing).toMatchObject({ code: 3, stdout: "" });
    expect(nothing.stderr).toContain("atoa emulator exec -- ");
  });

  it("reads faults from a file", async () => {
    const file = join(temporaryFolder(), "faults.txt");
    writeFileSync(file, "# a bad night\nGET /api/payments/stores status=429 1\nGET /api/institutions status=403 1\n");
    const run = await exec("atoa stores list; echo $?; atoa institutions list; echo $?", "--fault", `@${file}`);
    expect(run.stdout).toBe("5\n2\n");
    const missing = await exec("true", "--fault", `@${file}.not`);
    expect(missing).toMatchObject({ code: 3, stdout: "" });
  });

  it("rehearses a lost answer: the refund that was committed is not made twice", async () => {
    const script = [
      "set -u",
      "refund() { atoa refunds create --paymentRequestId pr_abc123 --amount 5 --idempotencyKey night-1 --yes; }",
      "ATOA_MAX_RETRIES=0 refund; first=$?",
      "refund >/dev/null; second=$?",
      'atoa refunds list --paymentRequestId pr_abc123 | grep -c \'"refundAmount": "5.00"\'',
      'echo "$first $second"',
    ].join("\n");
    const before = await exec('atoa refunds list --paymentRequestId pr_abc123 | grep -c \'"refundAmount": "5.00"\'');
    const run = await exec(script, "--fault", "POST /api/refund reset-after-commit 1");
    expect(run.stdout).toBe(`${Number(before.stdout) + 1}\n6 0\n`);
    expect(run.stderr).toContain("the request may still have been processed");
    expect(run.stderr).toContain("--idempotencyKey night-1");
  });
});
