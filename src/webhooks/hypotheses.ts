import { createHmac } from "node:crypto";
import { readingsOf } from "./body-readings";
import type { Scheme, SignedFields } from "./fields";
import type { Reason } from "./reasons";
import { signingKey } from "./signature";

/** A key that may have signed, with a name that can be shown. */
interface NamedKey {
  readonly secret: string;
  /** "the token of acme (sandbox)". */
  readonly name: string;
}

/** Everything there is to try with. Own keys first: only they make a delivery genuine. */
export interface Keys {
  /** API tokens that v1 deliveries for the environment in use are signed with. */
  readonly tokens: readonly NamedKey[];
  readonly tokensOfOtherEnvironment: readonly NamedKey[];
  readonly tokensOfOtherProfiles: readonly NamedKey[];
  /** Signing secrets (`whsec_…`) that v2 deliveries are signed with. */
  readonly secrets: readonly NamedKey[];
  readonly secretsOfOthers: readonly NamedKey[];
}

export const noKeys: Keys = {
  tokens: [],
  tokensOfOtherEnvironment: [],
  tokensOfOtherProfiles: [],
  secrets: [],
  secretsOfOthers: [],
};

/** How many computations one verdict may cost. */
export const mostHypotheses = 60;

/** One way in which a value may have been computed. */
export interface Hypothesis {
  /** Null for the true recipe with an own key. */
  readonly reason: Reason | null;
  readonly key: string;
  readonly message: string;
  digest(): Buffer;
}

/** What there is to sign, and to sign with. */
export interface Signed {
  readonly scheme: Scheme;
  readonly fields: SignedFields;
  readonly orderId: string | undefined;
  readonly body: Uint8Array;
  readonly keys: Keys;
}

interface Reading<Value> {
  readonly reason: Reason | null;
  readonly what: string;
  readonly value: Value;
}

type Bytes = string | Uint8Array;

/** All hypotheses, the likeliest first; lazily, because the true one usually is the first. */
export function* hypotheses(context: Signed): Generator<Hypothesis> {
  yield* context.scheme === "v2" ? ofBody(context) : ofIds(context);
}

/** v2: the key of the signing secret over the raw body. */
function* ofBody(context: Signed): Generator<Hypothesis> {
  const { body, keys } = context;
  const right = keys.secrets.map(keyOfSecret);
  const asItIs: Reading<Bytes>[] = [{ reason: null, what: "the body as it is", value: body }];
  yield* pairs(right, asItIs);
  const changed = readingsOf(body).map(({ mistake, what, bytes }) => ({ reason: mistake, what, value: bytes }));
  const asText = keys.secrets.flatMap(secretAsText);
  yield* pairs(right, changed);
  yield* pairs(asText, asItIs);
  yield* pairs(keys.secretsOfOthers.map(keyOfSecret).map(because("SECRET_OF_ANOTHER")), asItIs);
  const v1 = [...keys.tokens.map(tokenKey), ...right, ...asText.slice(0, 1)].map(because("OTHER_SCHEME"));
  yield* pairs(v1, messages(context).slice(0, 1));
  yield* pairs(keys.tokens.map(tokenKey).map(because("OTHER_SCHEME")), asItIs);
  yield* pairs(asText, changed);
}

/** v1: the API token over two ids. */
function* ofIds(context: Signed): Generator<Hypothesis> {
  const { keys } = context;
  const all = messages(context);
  const [first] = all;
  const right = first === undefined ? [] : [first];
  const own = keys.tokens.map(tokenKey);
  const surrounded = keys.tokens.flatMap(tokenWithMore);
  yield* pairs(own, all);
  yield* pairs(keys.tokensOfOtherEnvironment.map(tokenKey).map(because("TOKEN_OF_OTHER_ENVIRONMENT")), right);
  yield* pairs(surrounded, right);
  yield* pairs(keys.tokensOfOtherProfiles.map(tokenKey).map(because("TOKEN_OF_OTHER_PROFILE")), right);
  const body: Reading<Bytes>[] = [{ reason: null, what: "the body as it is", value: context.body }];
  const secrets = [...keys.secrets.map(keyOfSecret), ...keys.secrets.flatMap(secretAsText).slice(0, 1)];
  yield* pairs([...own, ...secrets].map(because("OTHER_SCHEME")), body);
  yield* pairs(secrets.map(because("OTHER_SCHEME")), right);
}

function* pairs(keys: readonly Reading<Bytes>[], texts: readonly Reading<Bytes>[]): Generator<Hypothesis> {
  for (const key of keys) {
    for (const text of texts) {
      yield {
        // The key is the deeper mistake: with it set right, the other one shows.
        reason: key.reason ?? text.reason,
        key: key.what,
        message: text.what,
        digest: () => createHmac("sha256", key.value).update(text.value).digest(),
      };
    }
  }
}

function because(reason: Reason): (reading: Reading<Bytes>) => Reading<Bytes> {
  return (reading) => ({ ...reading, reason });
}

function tokenKey({ name, secret }: NamedKey): Reading<Bytes> {
  return { reason: null, what: name, value: secret };
}

/** A token is used as the text that it is, and nothing around it. */
function tokenWithMore({ name, secret }: NamedKey): Reading<Bytes>[] {
  return [
    { reason: "SECRET_AS_TEXT", what: `${name} with a newline at the end`, value: `${secret}\n` },
    { reason: "SECRET_AS_TEXT", what: `${name} with "Bearer " before it`, value: `Bearer ${secret}` },
  ];
}

function keyOfSecret({ name, secret }: NamedKey): Reading<Bytes> {
  return { reason: null, what: `${name}, decoded from base64`, value: signingKey(secret) };
}

function secretAsText({ name, secret }: NamedKey): Reading<Bytes>[] {
  const bare = secret.replace(/^whsec_/, "");
  return [
    { reason: "SECRET_AS_TEXT", what: `${name} as text, including whsec_`, value: `whsec_${bare}` },
    { reason: "SECRET_AS_TEXT", what: `${name} as text, without whsec_`, value: bare },
  ];
}

/** What v1 signs, then what people take for it. */
function messages({ fields, orderId }: Signed): Reading<string>[] {
  const { refundId, paymentRequestId } = fields;
  const own = orderId ?? fields.orderId;
  const id = refundId ?? paymentRequestId;
  if (own === undefined || id === undefined) return [];
  const idName = refundId === undefined ? "paymentRequestId" : "refundId";
  const ownName = orderId === undefined ? "orderId" : "your order id";
  const found: Reading<string>[] = [];
  const add = (reason: Reason | null, what: string, value: string): void => {
    if (!found.some((known) => known.value === value)) found.push({ reason, what, value });
  };
  const strangers = fields.orderId !== undefined && fields.orderId !== own;
  // A hash for one's own order in the body of another one is good for neither.
  add(strangers ? "ORDER_ID_IS_ANOTHER" : null, `${ownName}|${idName}`, `${own}|${id}`);
  if (strangers) add("ORDER_ID_IS_ANOTHER", `the body's orderId|${idName}`, `${fields.orderId}|${id}`);
  if (refundId !== undefined && paymentRequestId !== undefined) {
    add("REFUND_NEEDS_REFUND_ID", `${ownName}|paymentRequestId`, `${own}|${paymentRequestId}`);
  }
  for (const separator of ["", "\\|", " | ", ":", ",", "-", ".", "&", "_", "/", " ", "\n"]) {
    const shown = separator === "" ? "nothing" : JSON.stringify(separator);
    add("SEPARATOR", `${ownName} and ${idName} joined by ${shown}`, `${own}${separator}${id}`);
  }
  add("SEPARATOR", `${idName}|${ownName}, the wrong way round`, `${id}|${own}`);
  add("SEPARATOR", `${ownName}|${idName} with a newline at the end`, `${own}|${id}\n`);
  return found;
}
