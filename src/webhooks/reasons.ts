/** Why a value is not the right signature. Each is proved by computing it, but for the two that find nothing to compute. */
export const reasons = {
  SECRET_AS_TEXT: "the secret was used as text; decode the part behind whsec_ from base64, and use a token bare",
  SECRET_OF_ANOTHER: "it was signed with the signing secret of another profile",
  BODY_REFORMATTED: "the body was parsed and printed again before it was hashed; hash the bytes as they came in",
  BODY_TRAILING_NEWLINE: "there is a line end at the end of the body that was not in what Atoa sent, or the reverse",
  BODY_CRLF: "the line ends in the body were changed",
  BODY_BOM: "a byte order mark before the body came or went",
  BODY_REENCODED: "the body is the same text in another encoding or escaping; hash the bytes as they came in",
  SIGNATURE_CASE: "the digest is right, but written in capitals; Atoa writes lowercase hex",
  SIGNATURE_BASE64: "the digest is right, but in base64; Atoa writes lowercase hex",
  PREFIX_MISSING: "the digest is right, but v1= is missing before it",
  HEADER_MISSING: "there is no signature: neither an X-Atoa-Signature header nor a signatureHash in the body",
  OTHER_SCHEME: "it was made by the recipe of the other scheme",
  TOKEN_OF_OTHER_ENVIRONMENT: "it was signed with the token of the other environment",
  TOKEN_OF_OTHER_PROFILE: "it was signed with the token of another profile",
  REFUND_NEEDS_REFUND_ID: "it was made with paymentRequestId; the body is a refund's, which is signed with refundId",
  ORDER_ID_IS_ANOTHER: "the order id is another one than yours",
  SEPARATOR: "the two ids were joined in another way than by one |",
  UNKNOWN: "no known mistake gives this value",
} as const;

export type Reason = keyof typeof reasons;
