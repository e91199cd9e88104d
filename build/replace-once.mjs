// @ts-check
/**
 * Replaces pieces of a file of a library. Each must be there exactly once; otherwise the library has changed, and the build
 * fails instead of shipping half a change.
 * @param {string} code
 * @param {readonly (readonly [find: string, replacement: string])[]} changes
 * @param {string} file for the error
 */
export function replaceOnce(code, changes, file) {
  return changes.reduce((text, [find, replacement]) => {
    const [before, after, ...more] = text.split(find);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${file} no longer holds exactly once: ${find}`);
    }
    return before + replacement + after;
  }, code);
}
