import { timingSafeEqual } from "node:crypto";

/** A signature as somebody wrote it, and the 32 bytes that it stands for. */
export interface SignatureText {
  /** `v1=` stood before it, in any letter case. */
  readonly prefixed: boolean;
  readonly form: "lowercase" | "uppercase" | "base64";
  readonly digest: Buffer;
}

/** Reads hex or base64 of 32 bytes, with or without `v1=`; undefined for anything else. */
export function readSignature(text: string): SignatureText | undefined {
  const trimmed = text.trim();
  const prefixed = /^v1=/i.test(trimmed);
  const value = prefixed ? trimmed.slice(3) : trimmed;
  if (/^[0-9a-fA-F]{64}$/.test(value)) {
    const lower = value === value.toLowerCase() && (!prefixed || trimmed.startsWith("v1="));
    return { prefixed, form: lower ? "lowercase" : "uppercase", digest: Buffer.from(value, "hex") };
  }
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(value)) return undefined;
  return { prefixed, form: "base64", digest: Buffer.from(value, "base64") };
}

/** In constant time. Both are 32 bytes. */
export function sameDigest(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
