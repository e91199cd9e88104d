import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type Emulator, type LoggedRequest, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { beforeAll, expect, it } from "vitest";
import { files } from "../cases/files";
import { configOf, keyId, pairedHome } from "../pairing";
import { atoa, temporaryFolder } from "../program";
import { shellWords } from "../shell-words";
import { hasTerminal, sit } from "../terminal/terminal";
import { type ReadmeLine, variables } from "./line";
import { readmeLines } from "./lines";

/** The public README of version 0.1.1 is a contract: each of its command lines does here what it says there. */

const cwd = temporaryFolder();
const home = temporaryFolder();
let emulator: Emulator;
let values: Record<string, string>;

beforeAll(async () => {
  emulator = await startEmulator();
  values = {
    sandbox: emulator.tokens.sandbox,
    production: emulator.tokens.production,
    "sandbox key": await keyId(emulator, "sandbox"),
    "production key": await keyId(emulator, "production"),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return () => emulator.close();
});

it.for(readmeLines.map((line, index) => [index + 1, line.line.replace(/\s*\\?\n/g, " "), line] as const))(
  "%i: %s",
  async ([, , line], { skip }) => {
    if (line.terminal !== undefined) skip(!hasTerminal);
    await prepare(line);
    const { code, stdout, stderr } = await type(line);
    expect(code, stderr).toBe(line.code ?? 0);
    if (typeof line.stdout === "string") expect(stdout).toContain(line.stdout);
    else if (line.stdout !== undefined) expect(JSON.parse(stdout)).toMatchObject(line.stdout);
    if (line.stderr !== undefined) expect(stripVTControlCharacters(stderr)).toContain(line.stderr);
    checkRequests(line, emulator.requests());
    if (line.config !== undefined) checkConfig(line.config);
  },
);

async function prepare(line: ReadmeLine): Promise<void> {
  emulator.reset({ keepTokens: false });
  const profiles = line.profiles ?? { acme: ["sandbox", "production"] };
  await pairedHome(home, emulator, profiles, "acme" in profiles ? "acme" : null);
  for (const [id, status] of Object.entries(line.given ?? {})) {
    emulator.preparePayment(id, { status, environment: "sandbox" });
  }
  if (line.webhook !== undefined) await registerWebhook(line.webhook);
  for (const fault of line.faults ?? []) emulator.fault(fault);
  emulator.clearRequests();
}

/** A URL of this machine where nobody answers. Events of terminals can only be had with a signing key. */
async function registerWebhook(event: string): Promise<void> {
  if (event === "POS_PAYMENT_STATUS") emulator.setSigningSecret();
  const answer = await fetch(`${emulator.origin}/api/webhook/merchant`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.tokens.sandbox}`, "content-type": "application/json" },
    body: JSON.stringify({ url: "http://127.0.0.1:9/hook", event }),
  });
  expect(answer.ok).toBe(true);
}

async function type(line: ReadmeLine): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const [name, ...argv] = shellWords(line.line, variables);
  expect(name).toBe("atoa");
  const env = { ATOA_HOME: home, ATOA_BASE_URL: emulator.origin };
  if (line.terminal === undefined) return atoa(argv, { env, cwd, stdin: filled(line.stdin ?? "") });
  const steps = line.terminal.map(([pattern, typed]) => [pattern, filled(typed)] as const);
  const { code, screen, late } = await sit(argv, steps, { env, cwd });
  expect(late).toBeNull();
  return { code, stdout: screen, stderr: screen };
}

function filled(text: string): string {
  return text.replace(/\{\{(.*?)\}\}/g, (_, name: string) => values[name] ?? "");
}

function checkRequests(line: ReadmeLine, made: readonly LoggedRequest[]): void {
  if (line.walks !== undefined) {
    const calls = new Set(made.map(({ method, path }) => `${method} ${path}`));
    expect([...calls]).toEqual([line.walks]);
    // Several pages are on their way at once, so they may arrive in another order.
    const pages = made.map(({ query }) => Number(query.page));
    expect(pages.sort((left, right) => left - right)).toEqual(made.map((_, index) => index));
    return;
  }
  const sent = made.map(({ method, path, query, body, environment }) => {
    const search = new URLSearchParams(query).toString();
    return { request: `${method} ${path}${search === "" ? "" : `?${search}`}`, body, with: environment };
  });
  const wanted = (line.sends ?? []).map(({ request, body, with: environment = "sandbox" }) => ({
    request: filled(request),
    body,
    with: environment,
  }));
  expect(sent).toEqual(wanted);
  if (line.key !== undefined) expect(made[0]?.headers["idempotency-key"]).toBe(line.key);
}

/** The config holds this, and no other profile or environment where it names some. */
function checkConfig(wanted: Readonly<Record<string, unknown>>): void {
  const config = configOf(home);
  if (Object.keys(wanted).length === 0) expect(config).toEqual({});
  expect(config).toMatchObject(wanted);
  const profiles = wanted.profiles as Record<string, { envs?: object }> | undefined;
  if (profiles === undefined) return;
  expect(Object.keys(config.profiles as object)).toEqual(Object.keys(profiles));
  for (const [name, { envs }] of Object.entries(profiles)) {
    const found = (config.profiles as Record<string, { envs: object }>)[name]?.envs ?? {};
    if (envs !== undefined) expect(Object.keys(found).sort()).toEqual(Object.keys(envs).sort());
  }
}
