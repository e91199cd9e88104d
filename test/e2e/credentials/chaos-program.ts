/**
 * One of many processes that change profiles at random for some seconds. It changes only profiles whose names begin with its own
 * number, and logs before and after each change what its profiles will be, so that the test can say what must be there.
 * Job on stdin: {number, log, seconds}.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { createVault } from "../../../src/credentials/vault";
import type { Env } from "../../../src/profiles/config";

/** Token by `profile:env`. */
export type Tokens = Readonly<Record<string, string>>;

const job: { number: number; log: string; seconds: number } = JSON.parse(readFileSync(0, "utf8"));
const vault = createVault({ environment: process.env, interactive: false });
const names = ["a", "b", "c"].map((letter) => `w${job.number}-${letter}`);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item;
const of = (tokens: Tokens, name: string) => Object.entries(tokens).filter(([slot]) => slot.startsWith(`${name}:`));
const without = (tokens: Tokens, name: string) =>
  Object.fromEntries(Object.entries(tokens).filter(([slot]) => !slot.startsWith(`${name}:`)));

interface Step {
  readonly after: Tokens;
  run(): Promise<unknown>;
}

function login(tokens: Tokens, count: number): Step {
  const profile = pick(names);
  const env: Env = pick(["sandbox", "production"]);
  const token = `test-token-${env}-${job.number}-${count}`;
  const run = () =>
    vault.storeLogin({
      profile,
      env,
      token,
      businessId: `business ${job.number}`,
      origin: "https://api.atoa.me",
      activate: true,
    });
  return { after: { ...tokens, [`${profile}:${env}`]: token }, run };
}

function anotherStep(tokens: Tokens): Step | undefined {
  const paired = names.filter((name) => of(tokens, name).length > 0);
  const free = names.filter((name) => !paired.includes(name));
  const name = pick(paired);
  const kind = pick(["rename", "forget", "delete", "use"]);
  if (paired.length === 0 || (kind === "rename" && free.length === 0)) return undefined;
  if (kind === "rename") {
    const to = pick(free);
    const moved = of(tokens, name).map(([slot, token]) => [slot.replace(name, to), token]);
    return {
      after: { ...without(tokens, name), ...Object.fromEntries(moved) },
      run: () => vault.renameProfile(name, to),
    };
  }
  if (kind === "forget") {
    const [slot = ""] = pick(of(tokens, name));
    const { [slot]: _gone, ...after } = tokens;
    return { after, run: () => vault.forget({ profile: name, env: slot.split(":")[1] as Env }) };
  }
  if (kind === "delete") return { after: without(tokens, name), run: () => vault.deleteProfile(name) };
  return { after: tokens, run: () => vault.useProfile(name) };
}

/** False when the lock was not to be had: every killed holder keeps it for seconds, and the others take it in no order. */
async function gotTheLock(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (!String(error).includes("Timed out acquiring lock")) throw error;
    return false;
  }
}

async function main(): Promise<void> {
  let tokens: Tokens = {};
  appendFileSync(job.log, "");
  const loginUnnamed = () =>
    vault.storeLogin({
      env: "sandbox",
      token: `test-token-sandbox-unnamed-${job.number}`,
      businessId: `unnamed ${job.number}`,
      displayName: "Acme",
      origin: "https://api.atoa.me",
      activate: true,
    });
  while (!(await gotTheLock(loginUnnamed))) appendFileSync(job.log, `${JSON.stringify({ timedOut: true })}\n`);
  appendFileSync(job.log, `${JSON.stringify({ unnamed: true })}\n`);
  const until = Date.now() + job.seconds * 1000;
  for (let count = 0; Date.now() < until; count += 1) {
    const step = (Math.random() < 0.5 ? undefined : anotherStep(tokens)) ?? login(tokens, count);
    appendFileSync(job.log, `${JSON.stringify({ begins: step.after })}\n`);
    const got = await gotTheLock(() => step.run());
    if (got) tokens = step.after;
    // After a timeout everything has to be as it was.
    appendFileSync(job.log, `${JSON.stringify(got ? { done: tokens } : { done: tokens, timedOut: true })}\n`);
  }
}

main().catch((error: unknown) => appendFileSync(job.log, `${JSON.stringify({ error: String(error) })}\n`));
