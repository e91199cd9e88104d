import { isLoopback } from "../../api/network-settings";

/** An emulator that runs on this machine. */
export interface RunningEmulator {
  readonly origin: string;
  /** Tokens of its seeded business; they are no secret. Undefined where it is too old to say. */
  readonly tokens: { readonly sandbox: string; readonly production: string } | undefined;
}

const usualOrigin = "http://127.0.0.1:4010";

/** The emulator that the variables name, else one on its usual port; undefined when none answers. */
export async function findEmulator(environment: NodeJS.ProcessEnv): Promise<RunningEmulator | undefined> {
  const named = [environment.ATOA_EMULATOR_URL, environment.ATOA_BASE_URL].filter(isLocal);
  // One that is named is there, however busy it may be; on the usual port nobody may have meant one.
  if (named.length === 0) return ask(usualOrigin, 2_000);
  for (const origin of named) {
    const found = await ask(origin.replace(/\/+$/, ""), 10_000);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isLocal(url: string | undefined): url is string {
  return url !== undefined && URL.canParse(url) && isLoopback(new URL(url).hostname);
}

async function ask(origin: string, limitMs: number): Promise<RunningEmulator | undefined> {
  try {
    const response = await fetch(`${origin}/__emulator`, { signal: AbortSignal.timeout(limitMs), redirect: "error" });
    const facts = (await response.json()) as { merchantId?: unknown; tokens?: RunningEmulator["tokens"] } | null;
    return response.ok && typeof facts?.merchantId === "string" ? { origin, tokens: facts.tokens } : undefined;
  } catch {
    return undefined; // Nobody there, or somebody else.
  }
}
