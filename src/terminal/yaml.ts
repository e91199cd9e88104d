import { DUMP_SCHEMA, defineScalarTag, dump } from "js-yaml";
import { LosslessNumber } from "lossless-json";

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** YAML's whole numbers and fractions, with the digits they came with. */
const schema = DUMP_SCHEMA.withTags(withDigits("int", /^-?\d+$/), withDigits("float", /[.eE]/));

function withDigits(kind: "int" | "float", pattern: RegExp) {
  const name = `tag:yaml.org,2002:${kind}`;
  const usual = DUMP_SCHEMA.lookupScalarTag(name);
  const isOne = (data: unknown) => data instanceof LosslessNumber && pattern.test(data.value);
  return defineScalarTag(name, {
    implicit: true,
    implicitFirstChars: usual?.implicitFirstChars ?? null,
    // Plain where it is a number to JSON, even to one beyond every float.
    resolve: (source, isExplicit, tagName) =>
      pattern.test(source) && jsonNumber.test(source) ? Number(source) : usual?.resolve(source, isExplicit, tagName),
    identify: (data) => isOne(data) || usual?.identify(data) === true,
    represent: (data) => (isOne(data) ? String(data.value) : (usual?.represent(data) ?? String(data))),
  });
}

/** The value as YAML that reads back to the same value. */
export function yaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true, schema });
}
