import type { Scheme, SignedFields } from "./fields";
import { type Reason, reasons } from "./reasons";

interface Finding {
  readonly reason: Reason | null;
  readonly match: { readonly key: string; readonly message: string } | undefined;
  readonly tried: readonly string[];
}

/** One or two sentences for a person: what was found, and what it means. */
export function explain(
  { reason, match, tried }: Finding,
  about: {
    readonly scheme: Scheme;
    readonly genuine: boolean;
    readonly computed: boolean;
    readonly fields: SignedFields;
  },
): string {
  if (reason === null) {
    const what = about.computed
      ? "Your value is correct"
      : `Genuine: signed with ${match?.key ?? "your key"} over ${match?.message ?? "the message"}`;
    return `${what}.${about.scheme === "v1" ? ` ${limits(about.fields)}` : ""}`;
  }
  const subject = about.computed ? "Your value" : "Not genuine";
  const other = about.computed ? ` The delivery itself is ${about.genuine ? "genuine" : "not genuine"}.` : "";
  return `${subject}: ${cause(reason, match, tried)}.${other}`;
}

function cause(reason: Reason, match: Finding["match"], tried: readonly string[]): string {
  if (reason === "UNKNOWN") {
    if (tried.length === 0) return "this is not a signature: expected 64 hex digits or the base64 of 32 bytes";
    const groups = excluded(tried);
    return `${reasons.UNKNOWN}; ${tried.length} were tried and ruled out: ${groups}. It is forged, or was made with a key you do not have here`;
  }
  if (match === undefined) return reasons[reason];
  return `${reasons[reason]} (${match.key} over ${match.message} gives it)`;
}

/** What a good v1 signature leaves open. */
function limits({ refundId }: SignedFields): string {
  const id = refundId === undefined ? "paymentRequestId" : "refundId";
  return `v1 signs only orderId and ${id}, not status or amount: check those with the API, or add --confirm.`;
}

/** The keys that were tried, each with how many messages. */
function excluded(tried: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const one of tried) {
    const [key = ""] = one.split(" over ", 1);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key} (${count})`).join(", ");
}
