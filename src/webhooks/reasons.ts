/** Why a value is not the right signature. Each is proved by computing it, but for the two that find nothing to compute. */
export const reasons = {
  SECRET_AS_TEXT: "the secret was used as text; base64-decode the part after whsec_, or use the token exactly as it is",
  SECRET_OF_ANOTHER: "it was signed with another profile's signing secret",
  BODY_REFORMATTED: "the body was parsed and serialised again before hashing; hash the bytes as received",
  BODY_TRAILING_NEWLINE: "a newline was added to, or removed from, the end of the body",
  BODY_CRLF: "the line endings in the body were changed",
  BODY_BOM: "a byte order mark was added to, or removed from, the start of the body",
  BODY_REENCODED: "the body has another encoding or escaping; hash the bytes as received",
  SIGNATURE_CASE: "the digest is correct, but in uppercase; Atoa sends lowercase hex",
  SIGNATURE_BASE64: "the digest is correct, but in base64; Atoa sends lowercase hex",
  PREFIX_MISSING: "the digest is correct, but the v1= prefix is missing",
  HEADER_MISSING: "there is no signature: neither an X-Atoa-Signature header nor a signatureHash in the body",
  OTHER_SCHEME: "it was made with the other scheme",
  TOKEN_OF_OTHER_ENVIRONMENT: "it was signed with the token of the other environment",
  TOKEN_OF_OTHER_PROFILE: "it was signed with another profile's token",
  REFUND_NEEDS_REFUND_ID: "it was made with paymentRequestId; refunds are signed with refundId",
  ORDER_ID_IS_ANOTHER: "the order id differs from yours",
  SEPARATOR: "the two ids were not joined by a single |",
  UNKNOWN: "no known mistake produces this value",
} as const;

export type Reason = keyof typeof reasons;
