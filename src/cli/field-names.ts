import { AtoaError } from "../errors";

/**
 * Errors about input name the field of the API ("refundNotes must not be empty"); a user knows the flag ("--notes").
 * @param renamed API field → flag or <argument>, where the two differ; others are called alike
 * @param flags names of the command's flags: a mention of one in the rest of the text becomes --name too
 * @param stranger what stands before a field that is neither: "-d " where fields are given as key=value
 */
export function toFlagNames(
  error: unknown,
  renamed: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
  stranger = "--",
): unknown {
  if (!(error instanceof AtoaError)) return error;
  const shown = (field: string) => {
    const name = Object.hasOwn(renamed, field) ? (renamed[field] ?? field) : field;
    // A flag or argument already, or a variable of the environment.
    if (/^[-<]|^[A-Z_]+$/.test(name)) return name;
    return `${flags.includes(name) ? "--" : stranger}${name}`;
  };
  // Only names in camel case are surely names: "type" and "notes" are words as well.
  const mentions = (text: string) =>
    text.replace(/(?<![-\w])[a-z]+[A-Z]\w*/g, (word) =>
      flags.includes(word) || Object.hasOwn(renamed, word) ? shown(word) : word,
    );
  // The API's own words about the input.
  if (error.status === 400 || error.status === 422) return error.with({ message: mentions(error.summary) });
  if (error.field === undefined || !error.summary.startsWith(error.field)) return error;
  const [field = "", ...inner] = error.field.split(/(?=[.[])/);
  return error.with({
    message: `${shown(field)}${inner.join("")}${mentions(error.summary.slice(error.field.length))}`,
    hint: mentions(error.hint),
    field: undefined,
  });
}
