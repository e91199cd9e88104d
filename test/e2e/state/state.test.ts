import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Env } from "../../../src/profiles/config";
import { some } from "../../scale.mjs";
import { type Lane, lanePool } from "../lanes";
import { configOf, keyId, pairedHome, secretsOf } from "../pairing";
import * as after from "./situations";
import { asProfiles, described, envsOf, type State, situations, target } from "./situations";

/** What logout, reset, profile and keys leave behind, in every combination of environments, profiles and the active one. */

const pool = lanePool();

interface Action {
  readonly line: string;
  readonly fault?: string;
  readonly code?: number;
  readonly left: State;
  /** Part of stderr. */
  readonly says?: string;
  /** Requests by method, with the environment whose key made them. */
  readonly sends?: readonly (readonly [method: string, env: Env])[];
  /** Its key gets a new token. */
  readonly rotates?: Env;
}

const keyPath = "/api/cli/api-access/**";
const refused = `DELETE ${keyPath} status=500`;

/** Every command that changes local state, as it acts in this situation. */
function actionsIn(state: State): Action[] {
  const of = `--profile ${target}`;
  const onKeys = envsOf(state).flatMap((env): Action[] => {
    const left = after.withoutKey(state, env);
    const sends = [["DELETE", env]] as const;
    const which = `${of} --env ${env} --yes`;
    return [
      { line: `logout ${which}`, left },
      { line: `logout ${which} --dryRun`, left: state },
      { line: `logout ${which} --revoke`, left, sends, says: `✓ Revoked the key of ${target}/${env} on the server` },
      { line: `logout ${which} --revoke --dryRun`, left: state },
      { line: `logout ${which} --revoke`, fault: refused, left, sends, code: 1, says: "was not revoked on the server" },
      { line: `keys revoke ${which}`, left, sends, says: `✓ Revoked the key of ${target}/${env}` },
      { line: `keys revoke ${which}`, fault: refused, left: state, sends, code: 1 },
      { line: `keys revoke ${which} --dryRun`, left: state },
      { line: `keys regenerate ${which}`, left: state, sends: [["POST", env]], rotates: env },
      { line: `profile set env=${env} ${of} --yes`, left: after.withDefault(state, env) },
    ];
  });
  const missing = (["sandbox", "production"] as const).filter((env) => !envsOf(state).includes(env));
  const onMissing = missing.flatMap((env): Action[] => [
    { line: `logout ${of} --env ${env} --yes`, left: state, code: 2, says: `No credentials for ${target}/${env}` },
    { line: `keys revoke ${of} --env ${env} --yes`, left: state, code: 2, says: `No credentials for ${target}/${env}` },
    {
      line: `profile set env=${env} ${of} --yes`,
      left: state,
      code: 3,
      says: `atoa login --profile ${target} --env ${env}`,
    },
  ]);
  const all = [...onKeys, ...onMissing, ...onProfile(state), ...onAll(state)];
  // What changes nothing changes nothing whichever profile is active: once is enough.
  return state.active === target ? all : all.filter(({ left }) => left !== state);
}

function onProfile(state: State): Action[] {
  const [env] = envsOf(state);
  const single = envsOf(state).length === 1 && env !== undefined;
  return [
    single
      ? { line: `logout --profile ${target} --yes`, left: after.withoutKey(state, env) }
      : { line: `logout --profile ${target} --yes`, left: state, code: 3, says: "--env" },
    { line: `profile delete ${target} --yes`, left: after.withoutProfile(state) },
    { line: `profile delete ${target} --dryRun`, left: state },
    { line: `profile rename ${target} acme-uk --yes`, left: after.renamed(state, "acme-uk") },
    { line: `profile use ${target}`, left: { ...state, active: target } },
    { line: `profile use ${target} --dryRun`, left: state },
  ];
}

function onAll(state: State): Action[] {
  const left = { active: undefined, profiles: {} };
  const sends = Object.values(state.profiles).flatMap(({ envs }) => envs.map((env) => ["DELETE", env] as const));
  return [
    { line: "reset --yes", left },
    { line: "reset --dryRun --revoke", left: state },
    { line: "reset --revoke --yes", fault: refused, left, sends, code: 1, says: "was not revoked on the server" },
  ];
}

const cases = situations.flatMap((state) =>
  actionsIn(state).map(
    (action) =>
      [
        `${action.line}${action.fault === undefined ? "" : " (the server fails)"} · ${described(state)}`,
        state,
        action,
      ] as const,
  ),
);

describe.concurrent("what is left", () => {
  it.for(some(cases, 2))("%s", ([, state, action]) => pool.use((lane) => play(state, action, lane)));
});

async function play(state: State, action: Action, lane: Lane): Promise<void> {
  const { emulator, home } = lane;
  await pairedHome(home, emulator, asProfiles(state), state.active ?? null);
  for (const [name, { defaultEnv }] of Object.entries(state.profiles)) {
    expect(configOf(home)).toMatchObject({ profiles: { [name]: { defaultEnv } } });
  }
  if (action.fault !== undefined) emulator.fault(action.fault);
  const ids = { sandbox: await keyId(emulator, "sandbox"), production: await keyId(emulator, "production") };
  const given = { sandbox: emulator.tokens.sandbox, production: emulator.tokens.production };
  emulator.clearRequests();

  const { code, stdout, stderr } = await lane.run(action.line.split(" "));
  expect(code, stderr).toBe(action.code ?? 0);
  if (action.says !== undefined) expect(stderr).toContain(action.says);
  expect(summary(home)).toEqual({ ...action.left, active: action.left.active ?? null });

  const made = emulator.requests();
  expect(made.map(({ method, environment }) => [method, environment])).toEqual(action.sends ?? []);
  for (const { path, environment } of made) expect(path).toContain(ids[environment ?? "sandbox"]);

  const secrets = secretsOf(home);
  const slots = Object.entries(action.left.profiles).flatMap(([name, { envs }]) =>
    envs.map((env) => [name, env] as const),
  );
  // A renamed profile's tokens stay under the name that it had.
  const account = (name: string, env: Env) => `${name === "acme-uk" ? target : name}:${env}`;
  expect(Object.keys(secrets).sort()).toEqual(slots.map(([name, env]) => account(name, env)).sort());
  for (const [name, env] of slots) {
    const token = secrets[account(name, env)];
    if (action.rotates === env && name === target) {
      expect(token).not.toBe(given[env]);
      expect(stdout).toContain(token);
    } else expect(token).toBe(given[env]);
  }
  expectPrivate(home);
}

/** config.json in the form of a State; null where nothing is active, so that it compares. */
function summary(home: string): unknown {
  const { activeProfile = null, profiles = {} } = configOf(home) as {
    activeProfile?: string;
    profiles?: Record<string, { envs: Record<string, unknown>; defaultEnv?: Env }>;
  };
  const entries = Object.entries(profiles).map(([name, { envs, defaultEnv }]) => [
    name,
    { envs: Object.keys(envs), defaultEnv },
  ]);
  return { active: activeProfile, profiles: Object.fromEntries(entries) };
}

/** Nobody else may read what is left, and nothing half done is left. */
function expectPrivate(home: string): void {
  const folder = join(home, ".config/atoa");
  for (const name of ["config.json", "secrets.json"]) {
    const path = join(folder, name);
    if (existsSync(path) && process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
  }
  for (const name of ["secrets.json.lock", "secrets.json.lock-owner"])
    expect(existsSync(join(folder, name))).toBe(false);
}
