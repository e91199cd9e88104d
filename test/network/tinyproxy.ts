import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterFile } from "../after-file";
import { temporaryFolder } from "../e2e/program";
import { needs } from "../needs";
import { listen } from "./servers";

/** A real tinyproxy on a free port of this machine, and an address that is not loopback: loopback is never proxied. */

const binary = ["/usr/bin/tinyproxy", "/usr/local/bin/tinyproxy", "/opt/homebrew/bin/tinyproxy"].find(existsSync);

const address = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

/** This machine's own address on its network; loopback where it has none. */
export const ownAddress = address ?? "127.0.0.1";

/** Whether a real proxy can be run, and anything be sent through it. */
export const hasProxy = needs("tinyproxy", "an address beside loopback");

export interface RunningProxy {
  readonly port: number;
  /** host:port, as it stands in a proxy variable. */
  readonly host: string;
  /** The targets it was asked to connect to, in order. */
  asked(): string[];
}

/** Starts one. @param settings lines of tinyproxy.conf beside the usual ones */
export async function startProxy(settings: readonly string[] = []): Promise<RunningProxy> {
  if (binary === undefined) throw new Error("tinyproxy is not installed");
  const port = await freePort();
  const folder = temporaryFolder();
  const [file, log] = [join(folder, "tinyproxy.conf"), join(folder, "log")];
  const usual = [
    `Port ${port}`,
    "Listen 127.0.0.1",
    "Timeout 10",
    "MaxClients 20",
    `LogFile "${log}"`,
    "LogLevel Info",
  ];
  writeFileSync(file, [...usual, ...settings, ""].join("\n"));
  const child = spawn(binary, ["-d", "-c", file], { stdio: "ignore" });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  afterFile(async () => {
    child.kill();
    await gone;
  });
  const lines = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
  for (let waited = 0; !lines().includes("Accepting connections"); waited += 20) {
    if (waited > 10_000 || child.exitCode !== null) throw new Error(`tinyproxy did not start: ${lines()}`);
    await delay(20);
  }
  const asked = () => [...lines().matchAll(/Request \(file descriptor \d+\): (\w+ \S+)/g)].map(([, what = ""]) => what);
  return { port, host: `127.0.0.1:${port}`, asked };
}

/** A port on which nobody listens (for a moment at least). */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
