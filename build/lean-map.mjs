// @ts-check
import { decode, encode } from "@jridgewell/sourcemap-codec";

/**
 * A source map that says no more than a stack trace needs: where each line of our own sources went. A twentieth of the
 * size, so that it can ship. `sources` still names every file that is in the chunk, other people's too.
 * @param {string} text a source map, whose sources stand below src/ and node_modules/
 * @param {string} root relative path from the chunk to the folder in which those two are
 * @returns {string}
 */
export function leanMap(text, root) {
  const { version, sources, mappings } = JSON.parse(text);
  const own = sources.map((/** @type {string} */ source) => !source.includes("node_modules"));
  /** @type {import("@jridgewell/sourcemap-codec").SourceMapMappings} */
  const lean = decode(mappings).map((segments) => {
    let before = "";
    return segments.flatMap((segment) => {
      const [column, source, line, sourceColumn] = segment;
      const mapped = source !== undefined && line !== undefined && own[source];
      const here = mapped ? `${source}:${line}` : "";
      if (here === before) return [];
      before = here;
      return [mapped ? [column, source, line, sourceColumn ?? 0] : [column]];
    });
  });
  const named = sources.map((/** @type {string} */ source) => `${root}/${source.replace(/^(?:\.\.\/)+/, "")}`);
  return JSON.stringify({ version, sources: named, names: [], mappings: encode(lean) });
}
