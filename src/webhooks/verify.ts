import { explain } from "./explain";
import { readFields, type Scheme, type SignedFields, schemeOf } from "./fields";
import { type Hypothesis, hypotheses, type Keys, mostHypotheses, type Signed } from "./hypotheses";
import type { Reason } from "./reasons";
import { readSignature, type SignatureText, sameDigest } from "./signature-text";

/** A delivery as it was received. */
export interface Received {
  /** The very bytes. */
  readonly body: Uint8Array;
  /** The X-Atoa-Signature header, where there was one. */
  readonly signature?: string | undefined;
  /** The order id of the merchant's own records; the body's, where it is left out. */
  readonly orderId?: string | undefined;
  /** A value that the merchant's own program computed for this delivery, to be explained. */
  readonly computed?: string | undefined;
}

export interface Verdict {
  readonly verified: boolean;
  readonly scheme: Scheme;
  /** What a good signature of this scheme vouches for. */
  readonly covers: readonly string[];
  /** Why the signature, or the computed value, is not the right one; null when it is. */
  readonly reason: Reason | null;
  readonly explanation: string;
  /** The computation that gives the very value at hand; null when there is none. */
  readonly proof: Proof | null;
  /** What was computed and gave something else, in the order of trying. */
  readonly tried: readonly string[];
}

interface Proof {
  /** HMAC-SHA256 of this message … */
  readonly message: string;
  /** … with this key. Names, never the secret. */
  readonly key: string;
  readonly gives: string;
}

/**
 * Whether a delivery is genuine; and if not, or if the computed value is not the right one, which mistake gives the value at
 * hand: found by computing at most 60 of them. Pure, and well below a millisecond for an ordinary body.
 */
export function verify(received: Received, keys: Keys): Verdict {
  const fields = readFields(received.body);
  const scheme = schemeOf(received.signature, fields);
  const context = { scheme, fields, orderId: received.orderId, body: received.body, keys };
  const given = received.signature ?? (scheme === "v1" ? fields.signatureHash : undefined);
  const delivery = examine(given, context);
  const verdict = received.computed === undefined ? delivery : examine(received.computed, context);
  const genuine = delivery.reason === null;
  return {
    verified: genuine,
    scheme,
    covers: coverage(scheme, fields),
    reason: verdict.reason,
    explanation: explain(verdict, { scheme, genuine, computed: received.computed !== undefined, fields }),
    proof: verdict.proof,
    tried: verdict.tried,
  };
}

function coverage(scheme: Scheme, { refundId }: SignedFields): string[] {
  if (scheme === "v2") return ["the whole body"];
  return ["orderId", refundId === undefined ? "paymentRequestId" : "refundId"];
}

interface Examined {
  readonly reason: Reason | null;
  readonly proof: Proof | null;
  readonly tried: readonly string[];
  /** The computation that gave the value: the true one, or the mistake. */
  readonly match: Hypothesis | undefined;
}

/** Finds the computation that gives a value. */
function examine(value: string | undefined, context: Signed): Examined {
  if (value === undefined || value.trim() === "") {
    return { reason: "HEADER_MISSING", proof: null, tried: [], match: undefined };
  }
  const signature = readSignature(value);
  if (signature === undefined) return { reason: "UNKNOWN", proof: null, tried: [], match: undefined };
  const tried: string[] = [];
  for (const hypothesis of hypotheses(context)) {
    if (tried.length === mostHypotheses) break;
    if (sameDigest(hypothesis.digest(), signature.digest)) {
      const reason = hypothesis.reason ?? formMistake(signature, context.scheme);
      const proof = { message: hypothesis.message, key: hypothesis.key, gives: value.trim() };
      return { reason, proof, tried, match: hypothesis };
    }
    tried.push(`${hypothesis.key} over ${hypothesis.message}`);
  }
  return { reason: "UNKNOWN", proof: null, tried, match: undefined };
}

/** The right digest, written in another way than Atoa writes it. */
function formMistake({ form, prefixed }: SignatureText, scheme: Scheme): Reason | null {
  if (form === "base64") return "SIGNATURE_BASE64";
  if (form === "uppercase") return "SIGNATURE_CASE";
  if (scheme === "v2" && !prefixed) return "PREFIX_MISSING";
  if (scheme === "v1" && prefixed) return "OTHER_SCHEME";
  return null;
}
