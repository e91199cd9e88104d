import { v4 } from "uuid";
import { usageError } from "../errors";
import type { Method } from "./operations";

/** A fresh key for one write: a UUIDv4. */
export function newIdempotencyKey(): string {
  return v4();
}

/** True for the methods that carry an Idempotency-Key header. */
export function takesIdempotencyKey(method: Method): boolean {
  return method === "POST" || method === "PUT" || method === "PATCH";
}

/**
 * Returns a key that the user chose, or throws a usage error: it has to travel in a header as it is.
 * @param name what the user calls it
 */
export function checkIdempotencyKey(key: string, name = "idempotencyKey"): string {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw usageError(
    `${name} must be 1 to 255 visible ASCII characters, without spaces`,
    "give a key such as refund/run-42, the same one each time you run the same thing",
    name,
  );
}
