import { AtoaError } from "../errors";

/**
 * Errors about input name the field of the API ("refundNotes must not be empty"); a user knows the flag ("--notes").
 * @param renamed API field → flag or <argument>, where the two differ; others are called alike
 */
export function inTermsOfFlags(error: unknown, renamed: Readonly<Record<string, string>>): unknown {
  if (!(error instanceof AtoaError) || error.field === undefined || !error.headline.startsWith(error.field))
    return error;
  const [field = "", ...inner] = error.field.split(/(?=[.[])/);
  const name = Object.hasOwn(renamed, field) ? (renamed[field] ?? field) : field;
  const shown = /^[-<]/.test(name) ? name : `--${name}`;
  return new AtoaError({
    kind: error.kind,
    message: `${shown}${inner.join("")}${error.headline.slice(error.field.length)}`,
    next: error.next,
    status: error.status,
    code: error.code,
    requestId: error.requestId,
    cause: error.cause,
  });
}
