import fc from "fast-check";
import { seed } from "./seed";

/** fast-check, with the seed of this run: the same one wherever a change is judged. */
fc.configureGlobal({ seed });

/** Any code point. fast-check's own unit "binary" takes a second before its first value. */
export const codePoint = fc
  .oneof(fc.nat({ max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

export default fc;
