// @ts-check
/** Where two responses to the same request differ. Ids, times and texts are never compared, only of what kind they are. */

/** `body` is undefined where the response was no JSON. @typedef {{ status: number, body: unknown }} Response */

/** @param {Response} there @param {Response} here @returns {string[]} one line each; no value of a response but words such as CANCELLED */
export function differences(there, here) {
  const lines = there.status === here.status ? [] : [`status: sandbox ${there.status}, emulator ${here.status}`];
  const [theirs, ours] = [kindsOf(there.body), kindsOf(here.body)];
  for (const path of new Set([...theirs.keys(), ...ours.keys()])) {
    const [there, here] = [theirs.get(path), ours.get(path)];
    if (there !== undefined && here !== undefined) {
      // A value may be null, or a list empty, on one side by chance.
      if (there.size > 0 && here.size > 0 && ![...there].some((kind) => here.has(kind)))
        lines.push(`${path || "body"}: sandbox ${[...there].join(" or ")}, emulator ${[...here].join(" or ")}`);
    } else if (theirs.get(parentOf(path))?.has("object") && ours.get(parentOf(path))?.has("object")) {
      lines.push(`${path}: only in the ${there === undefined ? "emulator" : "sandbox"}`);
    }
  }
  return lines;
}

/** @param {string} path */
const parentOf = (path) => path.replace(/(^|\.)[^.[\]]+$/, "");

/**
 * The kinds of values at each place of a body; `data[].id` is that of all items together.
 * @param {unknown} body @param {string} [path] @param {Map<string, Set<string>>} [kinds] @returns {Map<string, Set<string>>}
 */
function kindsOf(body, path = "", kinds = new Map()) {
  const here = kinds.get(path) ?? new Set();
  kinds.set(path, here);
  if (body === null) return kinds;
  if (Array.isArray(body)) {
    here.add("list");
    for (const item of body) kindsOf(item, `${path}[]`, kinds);
  } else if (typeof body === "string") here.add(kindOfText(body, path));
  else here.add(body === undefined ? "no JSON" : typeof body);
  if (typeof body === "object" && !Array.isArray(body)) {
    for (const [name, value] of Object.entries(body)) kindsOf(value, path === "" ? name : `${path}.${name}`, kinds);
  }
  return kinds;
}

const known = "the payment's own id";

/** @param {string} text @param {string} path */
function kindOfText(text, path) {
  if (text === known) return known;
  // What a single object says of its own state counts; in a list it is up to the data.
  if (/^[A-Z][A-Z_]+$/.test(text)) return path.includes("[]") ? "word" : text;
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)) return "id";
  if (/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text)) return "time";
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return "date";
  if (/^-?\d+\.\d\d$/.test(text)) return "amount as text";
  if (/^(?:true|false)$/.test(text)) return "boolean as text";
  return /^https?:/.test(text) ? "url" : "text";
}

/** A response in which the id of a known payment is told from all other ids. @param {Response} response @param {string | undefined} id @returns {Response} */
export function withKnownId({ status, body }, id) {
  const named = (/** @type {string} */ _, /** @type {unknown} */ value) => (value === id ? known : value);
  return { status, body: body === undefined ? body : JSON.parse(JSON.stringify(body), named) };
}
