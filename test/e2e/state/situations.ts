import type { Env } from "../../../src/profiles/config";
import type { Profiles } from "../pairing";

/** What a machine may hold, as the tests of state see it, and what each command leaves of it. */
export interface State {
  readonly active: string | undefined;
  readonly profiles: Readonly<Record<string, { readonly envs: readonly Env[]; readonly defaultEnv: Env | undefined }>>;
}

export const target = "acme";
const other = "other";

/** One or two environments, alone or beside another profile, active or not: every combination. */
export const situations: readonly State[] = ([["sandbox"], ["production"], ["sandbox", "production"]] as const).flatMap(
  (envs) => {
    const own = { [target]: { envs, defaultEnv: envs[0] } };
    const both = { ...own, [other]: { envs: ["sandbox"] as const, defaultEnv: "sandbox" as const } };
    return [
      { active: target, profiles: own },
      { active: undefined, profiles: own },
      { active: target, profiles: both },
      { active: other, profiles: both },
      { active: undefined, profiles: both },
    ];
  },
);

export function described({ active, profiles }: State): string {
  const names = Object.entries(profiles).map(([name, { envs }]) => `${name} (${envs.join("+")})`);
  return `${names.join(", ")}, active ${active ?? "none"}`;
}

export function envsOf(state: State): readonly Env[] {
  return state.profiles[target]?.envs ?? [];
}

export function asProfiles({ profiles }: State): Profiles {
  return Object.fromEntries(Object.entries(profiles).map(([name, { envs }]) => [name, envs]));
}

/** One key gone: the last takes its profile along, and no other profile or environment is chosen in its place. */
export function withoutKey(state: State, env: Env): State {
  const { [target]: profile, ...others } = state.profiles;
  const envs = (profile?.envs ?? []).filter((one) => one !== env);
  if (profile === undefined || envs.length === 0) return withoutProfile(state);
  const defaultEnv = profile.defaultEnv === env ? undefined : profile.defaultEnv;
  return { ...state, profiles: { [target]: { envs, defaultEnv }, ...others } };
}

export function withoutProfile({ active, profiles }: State): State {
  const { [target]: _gone, ...others } = profiles;
  return { active: active === target ? undefined : active, profiles: others };
}

export function renamed({ active, profiles }: State, name: string): State {
  const { [target]: profile, ...others } = profiles;
  return {
    active: active === target ? name : active,
    profiles: profile === undefined ? others : { [name]: profile, ...others },
  };
}

export function withDefault(state: State, defaultEnv: Env): State {
  const profile = state.profiles[target];
  if (profile === undefined) return state;
  return { ...state, profiles: { ...state.profiles, [target]: { ...profile, defaultEnv } } };
}
