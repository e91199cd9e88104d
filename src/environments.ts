/** The two environments of Atoa. A business has keys of its own for each, and nothing in one is known in the other. */
export const environments = ["sandbox", "production"] as const;

export type Env = (typeof environments)[number];

/** The environment that is meant: any letter case, and `prod` for short. Undefined for anything else. */
export function readEnv(text: string | undefined): Env | undefined {
  const wanted = text?.toLowerCase();
  return wanted === "prod" ? "production" : environments.find((env) => env === wanted);
}

/** Where requests go, and where a key without an origin on record was paired. Serves sandbox and production alike. */
export const defaultOrigin = "https://api.atoa.me";
