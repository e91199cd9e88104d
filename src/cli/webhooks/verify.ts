import type { Env } from "../../environments";
import { usageError } from "../../errors";
import { bytesOf, parseDelivery } from "../../webhooks/delivery";
import type { Keys } from "../../webhooks/hypotheses";
import { type Verdict, verify } from "../../webhooks/verify";
import { openVault } from "../access";
import { bodyLimit, flagText } from "../flag-text";
import { bodyBytes, secretFrom } from "./input";
import { allKeys, keysOfSecret, keysOfVariable, noKeyFor, type Owner, ownerOf, ownKeys } from "./keys";

export interface VerifyFlags {
  readonly env?: Env | undefined;
  readonly profile?: string | undefined;
  readonly body?: string | undefined;
  readonly signature?: string | undefined;
  readonly orderId?: string | undefined;
  readonly secret?: string | undefined;
  readonly computed?: string | undefined;
  readonly delivery?: string | undefined;
}

/** What was received, and the verdict on it. */
export interface Verified {
  readonly body: Buffer;
  readonly verdict: Verdict;
}

/**
 * Reads a delivery and the keys to try, and judges it.
 * @throws AtoaError kind usage for input that is no delivery, auth when there is nothing to check it by
 */
export async function verifyDelivery(flags: VerifyFlags): Promise<Verified> {
  const { body, signature } = await readDelivery(flags);
  const received = { body, signature, orderId: flags.orderId, computed: flags.computed };
  const given = flags.secret === undefined ? keysOfVariable(flags) : keysOfSecret(await secretFrom(flags.secret));
  if (given !== undefined) {
    const verdict = verify(received, given);
    return { body, verdict: decided(verdict, undefined, hasKeyFor(verdict, given)) };
  }
  const vault = openVault();
  const owner = ownerOf(vault, flags);
  const own = await ownKeys(vault, owner);
  const first = verify(received, own);
  const verdict =
    first.reason === "UNKNOWN" && first.tried.length > 0 ? verify(received, await allKeys(vault, owner)) : first;
  return { body, verdict: decided(verdict, owner, hasKeyFor(first, own)) };
}

function hasKeyFor({ scheme }: Verdict, { tokens, secrets }: Keys): boolean {
  return (scheme === "v1" ? tokens : secrets).length > 0;
}

function decided(verdict: Verdict, owner: Owner | undefined, hasKey: boolean): Verdict {
  if (hasKey || verdict.reason === "HEADER_MISSING") return verdict;
  throw noKeyFor(verdict.scheme, owner);
}

async function readDelivery(flags: VerifyFlags): Promise<{ body: Buffer; signature: string | undefined }> {
  if ((flags.body === undefined) === (flags.delivery === undefined)) {
    throw usageError("Pass either --body or --delivery", "for example: --body @body.json --signature v1=…");
  }
  if (flags.delivery === undefined) return { body: await bodyBytes(flags.body ?? ""), signature: flags.signature };
  const delivery = parseDelivery(await flagText(flags.delivery, "delivery", bodyLimit));
  return { body: bytesOf(delivery), signature: flags.signature ?? delivery.headers["x-atoa-signature"] };
}
