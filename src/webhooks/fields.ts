/** How a delivery is signed: v1 in the body with the API token, v2 in the header with the signing secret. */
export type Scheme = "v1" | "v2";

/** What the fields of a body say about its signature. */
export interface SignedFields {
  readonly signatureHash?: string | undefined;
  readonly eventType?: string | undefined;
  readonly orderId?: string | undefined;
  readonly paymentRequestId?: string | undefined;
  readonly refundId?: string | undefined;
  readonly status?: string | undefined;
}

/** The scheme that a delivery uses: its header says v2; else a signatureHash says v1, an eventType v2. */
export function schemeOf(header: string | undefined, fields: SignedFields): Scheme {
  const signature = header?.trim() ?? "";
  if (/^v1=/i.test(signature)) return "v2";
  if (fields.signatureHash !== undefined) return "v1";
  if (fields.eventType !== undefined || signature !== "") return "v2";
  return fields.paymentRequestId === undefined && fields.refundId === undefined ? "v2" : "v1";
}

/** The fields that matter here; those that are no text are absent. */
export function readFields(body: Uint8Array): SignedFields {
  let value: unknown;
  try {
    value = JSON.parse(
      Buffer.from(body)
        .toString("utf8")
        .replace(/^\ufeff/, ""),
    );
  } catch {
    return {};
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return {};
  const record = value as Record<string, unknown>;
  const text = (name: string): string | undefined => {
    const field = Object.hasOwn(record, name) ? record[name] : undefined;
    if (typeof field === "number") return String(field);
    return typeof field === "string" ? field : undefined;
  };
  return {
    signatureHash: text("signatureHash"),
    eventType: text("eventType"),
    orderId: text("orderId"),
    paymentRequestId: text("paymentRequestId"),
    refundId: text("refundId"),
    status: text("status"),
  };
}
