import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, describe, expect, it } from "vitest";
import { program, temporaryFolder } from "../e2e/program";
import { readManifest, sampleArgv } from "../manifest";
import { needs } from "../needs";
import { type Observed, observed, pairedHome } from "./observed";

/** No command talks to, or asks DNS for, any host but the origin of the API. */

const commands = readManifest();
/** These run until they are stopped, or run another program: they have their tests below. */
const apart = new Set(["emulator:start", "emulator:exec"]);

let emulator: Emulator;
const reached = new Set<string>();
beforeAll(async () => {
  emulator = await startEmulator();
});

function contacts(outcome: Observed): string[] {
  return outcome.observations.flatMap((one) => {
    if (one.type === "socket") return [one.path ?? `${one.host}:${one.port}`];
    if (one.type === "lookup") return [`look-up of ${one.host}`];
    return one.type === "datagram" ? ["datagram"] : [];
  });
}

function home(origin = emulator.origin): Record<string, string> {
  return { ATOA_HOME: pairedHome(origin, emulator.tokens.sandbox), ATOA_BASE_URL: origin };
}

describe("every command", () => {
  it.each(Object.keys(commands).filter((id) => !apart.has(id)))("%s talks to the origin alone", async (id) => {
    const command = commands[id] ?? { flags: {}, args: {} };
    const argv = sampleArgv(id, command);
    if (id === "login") argv.push("--stdin");
    const outcome = await observed(argv, { env: home(), stdin: emulator.tokens.sandbox });
    // `webhooks check --to 3000` asks a receiver of the user's, which is not there.
    expect(argv.includes("--to") ? [6] : [0, 1, 2, 3, 4], outcome.stderr).toContain(outcome.code);
    const receiver = argv.includes("--to") ? ["localhost:3000", "look-up of localhost"] : [];
    for (const { method, path } of emulator.requests()) reached.add(`${method} ${path}`); // `emulator reset` forgets them.
    const allowed = new Set([`127.0.0.1:${emulator.port}`, "look-up of 127.0.0.1", ...receiver]);
    expect(contacts(outcome).filter((contact) => !allowed.has(contact))).toEqual([]);
    expect(outcome.observations.filter((one) => one.type === "child")).toEqual([]);
    // A resource command did what it is for, so silence is not what passed the test.
    const asks = "output" in command.flags && !id.startsWith("profile:");
    if (asks && outcome.code === 0) expect(contacts(outcome)).toContain(`127.0.0.1:${emulator.port}`);
  });

  it("reaches the origin with most of these command lines", async () => {
    expect(reached.size).toBeGreaterThan(30);
  });

  it("asks DNS for the name of the origin and nothing else", async () => {
    const origin = `http://localhost:${emulator.port}`;
    const outcome = await observed(["stores", "list"], { env: home(origin) });
    expect(outcome.code).toBe(0);
    expect(new Set(contacts(outcome))).toEqual(new Set([`localhost:${emulator.port}`, "look-up of localhost"]));
  });
});

describe("no network at all", () => {
  const lines = [
    "--version",
    "--help",
    "payments create --help",
    "profile list",
    "completion zsh",
    "nonsense",
    "whoam",
  ];
  it.each([
    ...lines,
    "--complete-bash atoa",
    "payments create --amount 2.00 --orderId o-1 --dryRun",
    "profile use acme",
    "reset --yes --dryRun",
    "logout --yes --dryRun",
    "emulator --help",
  ])("for atoa %s", async (line) => {
    const outcome = await observed(line.split(" "), { env: home("https://api.nowhere.example") });
    expect(contacts(outcome)).toEqual([]);
    expect([0, 3]).toContain(outcome.code);
  });
});

describe("emulator exec", () => {
  it("listens on loopback, and its command talks to it alone", async () => {
    const line = ["emulator", "exec", "--", process.execPath, program, "stores", "list"];
    const outcome = await observed(line, { env: { ATOA_HOME: temporaryFolder() } });
    expect(outcome.code).toBe(0);
    expect(contacts(outcome).filter((contact) => !/^(look-up of )?127\.0\.0\.1(:\d+)?$/.test(contact))).toEqual([]);
  });
});

describe("as the kernel sees it", () => {
  it.runIf(needs("strace")).for([
    ["stores list", true],
    ["payments create --amount 2.00 --orderId o-1", true],
    ["--version", false],
    ["profile list", false],
  ] as const)("atoa %s", async ([line, asks]) => {
    const log = join(temporaryFolder(), "strace");
    const env = { PATH: process.env.PATH, ...home() };
    const calls = "trace=connect,sendto,sendmsg,sendmmsg";
    const argv = ["-f", "-qq", "-e", calls, "-o", log, process.execPath, program, ...line.split(" ")];
    const child = spawn("strace", argv, { env, stdio: "ignore" });
    expect((await once(child, "close"))[0]).toBe(0);
    const network = readFileSync(log, "utf8")
      .split("\n")
      .filter((call) => /sa_family=AF_INET6?\b/.test(call));
    const strangers = network.filter(
      (call) => !call.includes(`sin_port=htons(${emulator.port}), sin_addr=inet_addr("127.0.0.1")`),
    );
    expect(strangers).toEqual([]);
    expect(network.length > 0).toBe(asks);
  });
});
