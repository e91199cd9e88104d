import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { AtoaError } from "../errors";
import { replaceFile } from "../replace-file";
import { type Delivery, readDelivery } from "./delivery";

/** A delivery as the journal keeps it: with the URLs that it was meant for. */
export interface Entry extends Delivery {
  readonly targets: readonly string[];
}

const mostKept = 1000;
const longestKeptMs = 7 * 24 * 3600 * 1000;

/**
 * Raw deliveries, one JSON line each, mode 0600: the newest 1,000 of the last seven days. One process writes to a file: each
 * listener has a port of its own, and the file is named after it.
 */
export class Journal {
  #lines: number;

  /** @throws AtoaError kind failure when the file cannot be used */
  constructor(readonly path: string) {
    this.#lines = this.#carefully(() => this.#shorten());
  }

  /** Written before the sender gets its answer. @throws AtoaError kind failure */
  add(entry: Entry): void {
    this.#carefully(() => {
      append(this.path, `${JSON.stringify(entry)}\n`);
      this.#lines++;
      if (this.#lines > mostKept + 100) this.#lines = this.#shorten();
    });
  }

  /** Rewrites the file to what is kept. @returns lines that are in it */
  #shorten(): number {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const all = linesOf(this.path);
    const kept = withinBounds(entriesIn(all));
    if (kept.length === all.length) return kept.length;
    replaceFile(this.path, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    return kept.length;
  }

  #carefully<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw trouble("write", this.path, error);
    }
  }
}

/** The directory of the journals of all ports. */
export function journalDirectory(webhooksDirectory: string): string {
  return join(webhooksDirectory, "journal");
}

/** The journal of the listener on a port; removes journals of others that hold nothing worth keeping. */
export function journalOf(webhooksDirectory: string, port: number): Journal {
  const directory = journalDirectory(webhooksDirectory);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    let newer = 0;
    for (const { path, changedAt } of filesIn(directory)) {
      if (Date.now() - changedAt > longestKeptMs || newer >= mostKept) rmSync(path, { force: true });
      else newer += linesOf(path).length;
    }
  } catch (error) {
    throw trouble("write", directory, error);
  }
  return new Journal(join(directory, `${port}.ndjson`));
}

/**
 * Everything that is kept in a directory of journals, or in one file; oldest first.
 * @throws AtoaError kind failure when it cannot be read
 */
export function readJournal(path: string): Entry[] {
  try {
    const files = isDirectory(path) ? filesIn(path).map((file) => file.path) : [path];
    return withinBounds(files.flatMap((file) => entriesIn(linesOf(file))));
  } catch (error) {
    throw trouble("read", path, error);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Newest first. */
function filesIn(directory: string): { path: string; changedAt: number }[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".ndjson"))
    .map((name) => join(directory, name))
    .map((path) => ({ path, changedAt: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.changedAt - a.changedAt);
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** A line that a crash or a full disk cut off is no entry. */
function entriesIn(lines: readonly string[]): Entry[] {
  return lines.flatMap((line) => {
    const delivery = readDelivery(line);
    if (delivery === undefined) return [];
    const { targets } = delivery as Partial<Entry>;
    return [{ ...delivery, targets: Array.isArray(targets) ? targets.map(String) : [] }];
  });
}

function withinBounds(entries: readonly Entry[]): Entry[] {
  const oldest = new Date(Date.now() - longestKeptMs).toISOString();
  return (
    entries
      .filter(({ receivedAt }) => receivedAt > oldest)
      // Stable: within one millisecond the order of a file stays.
      .sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : 0))
      .slice(-mostKept)
  );
}

/** Adds all of the text to a file for its owner only; a link in its place is not followed. */
function append(path: string, text: string): void {
  const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW = 0 } = constants;
  const handle = openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_APPEND, 0o600);
  try {
    fchmodSync(handle, 0o600);
    writeFileSync(handle, text);
  } finally {
    closeSync(handle);
  }
}

function trouble(verb: "read" | "write", path: string, cause: unknown): AtoaError {
  const code = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
  return new AtoaError({
    kind: "failure",
    message: `Cannot ${verb} the journal ${path} (${code})`,
    hint: "see that the file and its directory are yours, or name another file with --journal",
    cause,
  });
}
