/** `--columns a,b.c`: chooses and orders the fields of each item. JSON keeps their nesting. */
import { type AtoaError, usageError } from "../errors";
import { isRecord } from "../json";
import { quoted } from "../text";

/** Fields by path: each name stands for a whole field, or for some of what is inside it. */
interface Choice extends Map<string, Choice | "whole"> {}

/**
 * The names of a comma-separated list, each once.
 * @throws a usage error when there is none
 */
export function readColumns(text: string): readonly string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length > 0) return [...new Set(names)];
  throw usageError("--columns must name at least one field", "for example: --columns orderId,status", "--columns");
}

/**
 * Chooses columns of the items that pass by, and remembers which names no item has had.
 * @param listed names known to exist although no item may have them
 */
export class Columns {
  readonly #choice: Choice;
  readonly #unseen: Set<string>;
  readonly #seen = new Set<string>();
  #items = 0;

  constructor(
    readonly names: readonly string[],
    listed: readonly string[] = [],
  ) {
    this.#choice = choiceOf(names);
    const known = new Set(listed);
    this.#unseen = new Set(names.filter((name) => !known.has(name)));
  }

  /** The chosen fields of an item, in the order of the names; what is no object passes as it is. */
  of(item: unknown): unknown {
    if (!isRecord(item)) return item;
    this.#items += 1;
    if (this.#unseen.size > 0) {
      for (const name of fieldNames(item)) {
        this.#unseen.delete(name);
        // A hundred names are more than a person reads.
        if (this.#seen.size < 100) this.#seen.add(name);
      }
    }
    return picked(item, this.#choice);
  }

  /** @throws a usage error when a name was in none of the items */
  check(): void {
    const [missing] = this.#unseen;
    if (missing !== undefined && this.#items > 0) throw unknownColumn(missing, [...this.#seen]);
  }
}

export function unknownColumn(name: string, existing: readonly string[]): AtoaError {
  return usageError(`--columns: unknown field ${quoted(name)}`, `choose from ${existing.join(", ")}`, "--columns");
}

/** The value at a dotted path, looked up among own fields only; undefined where there is none. */
export function fieldAt(item: unknown, path: string): unknown {
  let found = item;
  for (const name of path.split(".")) {
    if (!isRecord(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

function choiceOf(names: readonly string[]): Choice {
  const root: Choice = new Map();
  for (const name of names) {
    const path = name.split(".");
    let level = root;
    for (const [depth, part] of path.entries()) {
      const below = level.get(part);
      if (below === "whole") break;
      if (depth === path.length - 1) level.set(part, "whole");
      else level = below ?? inserted(level, part);
    }
  }
  return root;
}

function inserted(level: Choice, part: string): Choice {
  const below: Choice = new Map();
  level.set(part, below);
  return below;
}

function picked(item: Readonly<Record<string, unknown>>, choice: Choice): Record<string, unknown> {
  const fields: [string, unknown][] = [];
  for (const [name, below] of choice) {
    if (!Object.hasOwn(item, name)) continue;
    const value = item[name];
    if (below === "whole") fields.push([name, value]);
    else if (isRecord(value)) fields.push([name, picked(value, below)]);
  }
  return Object.fromEntries(fields);
}

/** Every path of an item: the fields, and the fields inside them. */
function* fieldNames(item: Readonly<Record<string, unknown>>, prefix = ""): Generator<string> {
  for (const [name, value] of Object.entries(item)) {
    yield prefix + name;
    if (isRecord(value)) yield* fieldNames(value, `${prefix}${name}.`);
  }
}
