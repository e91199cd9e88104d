/** Names that live in the config, for a TAB. A file of its own in the build: most TABs do without. */
import { type Config, pairedEnvs, readConfig } from "../profiles/config";
import { statePaths } from "../profiles/paths";
import type { LiveNames } from "./engine";

/** Reads the config when it is asked. @throws AtoaError (failure) then, when the config cannot be trusted or understood */
export function liveNames(environment: NodeJS.ProcessEnv): LiveNames {
  const config = (): Config => readConfig(statePaths(environment).config);
  return {
    profiles: () => [...config().profiles].map(([text, { displayName = "" }]) => ({ text, description: displayName })),
    keys: ({ profile, env }) =>
      [...config().profiles]
        .filter(([name]) => profile === undefined || name === profile)
        .flatMap(([name, entry]) =>
          pairedEnvs(entry)
            .filter((one) => env === undefined || one.startsWith(env))
            .flatMap((one) => {
              const text = entry.envs?.[one]?.sdkAccessId;
              return text === undefined ? [] : [{ text, description: `${name}, ${one}` }];
            }),
        ),
  };
}
