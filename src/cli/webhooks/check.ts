import { AtoaError, exitCodes, interrupted, usageError } from "../../errors";
import { interruption, log } from "../../terminal/terminal";
import { matchingValue, quoted, sanitise } from "../../text";
import { type AttackName, attackNames, check, type Finding } from "../../webhooks/check";
import { mustBeThisMachine, parseUrl } from "../../webhooks/target";
import { openVault } from "../access";
import { secretFrom } from "./input";
import { signerFor } from "./keys";

export interface CheckFlags {
  readonly profile?: string | undefined;
  readonly to: string;
  readonly scheme?: "v1" | "v2" | undefined;
  readonly secret?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly orderId?: string | undefined;
  readonly anywhere: boolean;
  readonly dryRun: boolean;
}

/**
 * Attacks a receiver and says in a line what came of each attack.
 * @returns the findings; with dryRun the names of the attacks
 * @throws AtoaError usage for bad input, auth without a secret, network when nobody is there
 */
export async function checkReceiver(flags: CheckFlags): Promise<readonly (Finding | { readonly attack: string })[]> {
  const url = parseUrl(flags.to, "to");
  mustBeThisMachine(url, "to", flags.anywhere);
  const only = chosen(flags.only);
  const secret = flags.secret === undefined ? undefined : await secretFrom(flags.secret);
  const signer = await signerFor(openVault, flags, { secret, wanted: flags.scheme });
  if (flags.dryRun) return (only ?? attackNames).map((attack) => ({ attack }));
  const report = ({ attack, passed, explanation }: Finding) =>
    log(`${passed ? "✓" : "✗"} ${attack}: ${sanitise(explanation)}`);
  const signal = interruption();
  const findings = await check({ url, signer, orderId: flags.orderId, only, report, signal });
  if (signal.aborted) throw interrupted();
  if (findings === undefined) throw unreachable(url);
  return findings;
}

/** 0 when all is well, 1 with a finding. */
export function codeOfFindings(findings: Awaited<ReturnType<typeof checkReceiver>>): number {
  return findings.some((one) => "passed" in one && !one.passed) ? exitCodes.failure : 0;
}

function chosen(names: readonly string[] | undefined): readonly AttackName[] | undefined {
  if (names === undefined || names.length === 0) return undefined;
  return names.map((name) => {
    const known = matchingValue(attackNames, name);
    if (known !== undefined) return known;
    throw usageError(
      `--only: unknown attack ${quoted(name)}`,
      `use one or more of ${attackNames.join(", ")}`,
      "--only",
    );
  });
}

function unreachable(url: URL): AtoaError {
  return new AtoaError({
    kind: "network",
    message: `Nothing is listening on ${url.origin}`,
    hint: "start your receiver, and check the port in --to",
  });
}
