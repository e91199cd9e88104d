/** Runs the vault program as real processes, each in a home of its own choosing. */
import { type SpawnOptions, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { createVault } from "../../../src/credentials/vault";
import { accountOf } from "../../../src/profiles/config";
import type { Job, Outcome } from "./vault-program";

interface Ended {
  readonly outcome: Outcome | undefined;
  readonly signal: NodeJS.Signals | null;
}

export interface VaultPrograms {
  /** Runs a job to its end. */
  run(home: string, job: Job, options?: SpawnOptions): Promise<Ended>;
  /** Starts a job that will not end by itself. */
  start(home: string, job: Job): { readonly pid: number; readonly ended: Promise<Ended> };
  remove(): void;
}

/** Bundles a test program (its own file is TypeScript, which Node 20 does not run). */
export function bundleProgram(path: string): { path: string; remove(): void } {
  const folder = mkdtempSync(join(resolve(import.meta.dirname, "../../../node_modules"), ".atoa-program-"));
  const outfile = join(folder, "program.cjs");
  buildSync({
    entryPoints: [path],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    external: ["keytar"],
  });
  return { path: outfile, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function vaultPrograms(): VaultPrograms {
  const program = bundleProgram(join(import.meta.dirname, "vault-program.ts"));
  const start = (home: string, job: Job, options: SpawnOptions = {}) => {
    const { env, ...rest } = options;
    const child = spawn(process.execPath, [program.path], {
      stdio: ["pipe", "pipe", "inherit"],
      ...rest,
      env: { PATH: process.env.PATH, ATOA_HOME: home, ...env },
    });
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
    child.stdin?.end(JSON.stringify(job));
    const ended = new Promise<Ended>((done) => {
      child.on("close", (_code, signal) => done({ outcome: text === "" ? undefined : JSON.parse(text), signal }));
    });
    return { pid: child.pid ?? 0, ended };
  };
  return { start, run: (home, job, options) => start(home, job, options).ended, remove: program.remove };
}

/** Makes temporary homes, and removes them at the end. */
export function temporaryHomes(): { make(name?: string): string; remove(): void } {
  const made: string[] = [];
  return {
    make(name = "atoa-home-") {
      const home = mkdtempSync(join(tmpdir(), name));
      made.push(home);
      return home;
    },
    remove() {
      for (const home of made.splice(0)) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Both state files as they are on the disk, and whatever else lies beside them. */
export function stateOf(home: string): { config: unknown; secrets: unknown; others: readonly string[] } {
  const folder = join(home, ".config/atoa");
  const names = readdirSync(folder);
  const json = (name: string) =>
    names.includes(name) ? JSON.parse(readFileSync(join(folder, name), "utf8")) : undefined;
  return {
    config: json("config.json"),
    secrets: json("secrets.json"),
    others: names.filter((name) => name !== "config.json" && name !== "secrets.json"),
  };
}

/** What the next command finds: profiles, the token of each key, and tokens in the file that nothing names. */
export async function seenIn(home: string): Promise<unknown> {
  const vault = createVault({ environment: { ATOA_HOME: home }, interactive: false });
  const profiles = await vault.listProfiles();
  const { activeProfile, pending, profiles: entries } = vault.config();
  const tokens: Record<string, string> = {};
  const named = new Set(pending.map(({ account }) => account));
  for (const { name, envs, signingSecret } of profiles) {
    const entry = entries.get(name);
    const signing = entry?.signing;
    if (signing !== undefined) {
      named.add(accountOf(name, "signing", signing));
      if (signingSecret !== "missing") tokens[`${name}/signing`] = (await vault.readSigningSecret(name)) ?? "";
    }
    for (const { env, apiOrigin, token } of envs) {
      named.add(accountOf(name, env, entry?.envs?.[env]));
      if (token === "missing") continue;
      tokens[`${name}/${env}`] = await vault.readToken({
        profile: name,
        env,
        origin: { value: apiOrigin, source: "t" },
      });
    }
  }
  const secrets = existsSync(vault.paths.secrets) ? (stateOf(home).secrets as object) : {};
  const strays = Object.keys(secrets).filter((account) => !named.has(account));
  return { activeProfile, profiles, tokens, strays };
}

/** Lets the time pass after which a dead holder's lock is taken over. */
export function ageLock(home: string): void {
  const lock = join(home, ".config/atoa/secrets.json.lock");
  if (existsSync(lock)) utimesSync(lock, 1, 1);
}

/** A login as the vault takes it. */
export const exampleLogin = {
  profile: "acme",
  env: "sandbox",
  token: "test-token-sandbox-1",
  businessId: "b",
  origin: "https://api.atoa.me",
  activate: true,
} as const;
