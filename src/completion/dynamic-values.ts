/** Names of this machine, for a TAB: profiles and keys from the config, and files. A file of its own in the build: most TABs do without. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Config, pairedEnvs, readConfig } from "../profiles/config";
import { statePaths } from "../profiles/state-files";
import type { Candidate, DynamicValues } from "./engine";

/** Reads the config when it is asked. @throws AtoaError (failure) then, when the config cannot be trusted or understood @internal */
export function dynamicValues(environment: NodeJS.ProcessEnv): DynamicValues {
  const config = (): Config => readConfig(statePaths(environment).config);
  return {
    files: (start) => files(start, statePaths({ ...environment, ATOA_HOME: "" }).home),
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

/** Paths that begin with what was typed. Hidden files only for those who type the dot. */
function files(start: string, home: string): readonly Candidate[] {
  const slash = start.lastIndexOf("/") + 1;
  const [typed, name] = [start.slice(0, slash), start.slice(slash)];
  const directory = typed.replace(/^~(?=\/)/, () => home);
  return readdirSync(directory === "" ? "." : directory)
    .filter((entry) => entry.startsWith(name) && (name !== "" || !entry.startsWith(".")))
    .sort()
    .map((entry) => ({
      text: `${typed}${entry}${isDirectory(join(directory, entry)) ? "/" : ""}`,
      description: "",
    }));
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
