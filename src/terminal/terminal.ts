import { AtoaError, usageError } from "../errors";
import { redact, redactValue } from "../redaction";
import { type Colour, inColour, wantsColour as isColourWanted, sanitise, truncate, wrap } from "../text";

/**
 * The only module that knows the process's streams: what is a terminal, how wide it is, whether colour is wanted.
 * stdout carries data and nothing else; everything said to a person goes to stderr, through the redactor. Values that go to
 * stdout pass it in output.ts, which knows what in them is text.
 */

/** Thrown when the reader of stdout is gone (`atoa … | head -1`): not a failure, the program just ends. */
export class PipeClosed extends Error {}

const settings = process.env;

/** True when a question can be asked and will be seen: a person sits at both ends. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

export function stdinIsTerminal(): boolean {
  return process.stdin.isTTY === true;
}

export function stdoutIsTerminal(): boolean {
  return process.stdout.isTTY === true;
}

export function stderrIsTerminal(): boolean {
  return process.stderr.isTTY === true;
}

/** Columns of the terminal behind stdout, or undefined when stdout is not a terminal: then nothing is cut. */
export function terminalWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

/** The same of the terminal behind stderr. A pseudo-terminal that nobody gave a size says 0. */
function stderrWidth(): number | undefined {
  return (process.stderr.isTTY && process.stderr.columns) || undefined;
}

/** Whether text for this stream is coloured. */
export function wantsColour(stream: "stdout" | "stderr"): boolean {
  return isColourWanted(settings, () => process[stream].isTTY === true);
}

/** The text in a colour when the stream wants colour, else unchanged. */
export function paint(text: string, colour: Colour, stream: "stdout" | "stderr"): string {
  return wantsColour(stream) ? inColour(text, colour) : text;
}

/** Writes data to stdout, exactly as given (bytes are UTF-8); resolves when the reader took it. */
export function writeData(data: string | Uint8Array): Promise<void> {
  clearStatus();
  const stdout = stream("stdout");
  if (stdout.isTTY && data.length > 0) screen.midLine = data.at(-1) !== "\n" && data.at(-1) !== 10;
  return write(stdout, data);
}

/** Says one line to the person, whatever stands in it: names from a file or a server cannot steer the terminal. */
export function log(line: string): void {
  if (json) logJson(notice(sanitise(line)));
  else writeStderr(`${marked(sanitise(line))}\n`);
}

const marks: readonly (readonly [mark: string, colour: Colour])[] = [
  ["✓", "green"],
  ["✗", "red"],
  ["warning:", "yellow"],
  ["error:", "red"],
];

/** A sentence in lines of the terminal's width, its mark in colour; what is to be copied, logged or traced stays one line. */
export function marked(line: string): string {
  const text = /^[A-Za-z✓✗]/.test(line) ? wrap(line, stderrWidth()) : line;
  const [mark, colour] = marks.find(([one]) => line.startsWith(one)) ?? [];
  if (mark === undefined || colour === undefined) return text;
  return wantsColour("stderr") ? inColour(mark, colour) + text.slice(mark.length) : text;
}

/** Writes to stderr as it is, colour and all. A closed stderr is not an error. */
export function writeStderr(text: string): void {
  clearStatus();
  toStderr(redact(text));
}

let json = false;

/** Switches stderr to one JSON object per line, for `--errors json`. */
export function speakJson(wanted: boolean): void {
  json = wanted;
}

export function speaksJson(): boolean {
  return json;
}

/**
 * Takes `--errors json|text` out of argv, wherever it stands before `--`: it has to be known before anything can fail, an
 * unknown command included. ATOA_ERRORS says the same.
 * @throws a usage error for any other value
 */
export function readErrorsFormat(argv: readonly string[]): {
  readonly rest: readonly string[];
  readonly asJson: boolean;
} {
  const end = argv.indexOf("--");
  const rest: string[] = [];
  let typed: string | undefined;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if ((end !== -1 && index >= end) || !/^--errors(=|$)/.test(word)) {
      rest.push(word);
      continue;
    }
    typed = word.includes("=") ? word.slice("--errors=".length) : argv[++index];
    checkFormat("--errors", typed);
  }
  const variable = settings.ATOA_ERRORS;
  if (typed === undefined && variable !== undefined && variable !== "") checkFormat("ATOA_ERRORS", variable);
  return { rest, asJson: (typed ?? variable)?.toLowerCase() === "json" };
}

function checkFormat(name: string, value: string | undefined): void {
  if (value !== undefined && /^(json|text)$/i.test(value)) return;
  throw usageError(`${name} must be json or text`, `for example: ${name}${name.startsWith("-") ? " " : "="}json`, name);
}

/** Says one object, without tokens. */
export function logJson(value: unknown): void {
  toStderr(`${JSON.stringify(redactValue(value))}\n`);
}

/** Says what happens, for --verbose: facts to a program, lines to a person. */
export function trace(facts: object, lines: readonly string[]): void {
  if (json) logJson({ trace: facts });
  else for (const line of lines) log(line);
}

/** "warning: what — hint" and any other line, as data. */
function notice(line: string): object {
  const [, warning, message = "", hint = null] = /^(warning: )?(.*?)(?: — (.*))?$/s.exec(line) ?? [];
  return { warning: { code: warning === undefined ? "NOTICE" : "WARNING", message, hint } };
}

/** Whether a passing line is on the screen, and whether data on that screen stopped in the middle of a line. */
const screen = { passing: false, midLine: false };

/**
 * Shows a line on the terminal that the next one, or whatever is said or written next, takes away again. Data that is on
 * its way to the same screen would be wiped with it: then nothing is shown.
 */
function showStatus(line: string): void {
  if (json || screen.midLine) return;
  // Of a line that wraps, only the last part would be wiped.
  toStderr(wipe + truncate(sanitise(redact(line)), (stderrWidth() ?? 80) - 1));
  screen.passing = true;
}

/** Takes the passing line away. */
function clearStatus(): void {
  if (screen.passing) toStderr(wipe);
  screen.passing = false;
}

const wipe = "\r\u001b[2K";

function toStderr(text: string): void {
  const stderr = stream("stderr");
  if (!stderr.destroyed) stderr.write(text);
}

/** All of stdin as text; fails as readStdinBytes does. */
export async function readStdin(limitBytes = 1024 * 1024): Promise<string> {
  return (await readStdinBytes(limitBytes)).toString("utf8");
}

/**
 * All of stdin as the bytes that came in. Size-bounded, so that a wrong pipe cannot fill the memory: one byte more than the limit
 * is the most that is read.
 * @throws AtoaError kind failure when it cannot be read
 */
export async function readStdinBytes(limitBytes = 1024 * 1024): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  if (stdinIsTerminal()) log("reading from the terminal; press Ctrl-D on an empty line to finish");
  try {
    for await (const part of process.stdin) {
      const bytes = Buffer.from(part);
      size += bytes.length;
      parts.push(bytes);
      if (size > limitBytes) break;
    }
  } catch (error) {
    throw streamTrouble("Cannot read stdin", "pipe a file or a command's output into it", error);
  }
  return Buffer.concat(parts).subarray(0, limitBytes + 1);
}

/** Resolves when all that was written has left the process. On Windows pipes are asynchronous. */
export async function flush(): Promise<void> {
  await Promise.all([...opened].map((name) => write(process[name], "").catch(() => undefined)));
}

let interruptions: AbortController | undefined;
let endedBy: keyof typeof signalCodes | undefined;

/** 128 and the signal's number, as a shell has it. */
const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The exit code of a program that a signal asked to end; undefined when none did. */
export function signalCode(): number | undefined {
  return endedBy === undefined ? undefined : signalCodes[endedBy];
}

/**
 * Aborts at Ctrl-C, or when a supervisor or a closed terminal asks the program to end, so that work under way ends in order and says what became of it; a second Ctrl-C ends the process.
 * Only a command that has work to end asks for it: all others die of the signal as usual.
 */
export function interruption(): AbortSignal {
  if (interruptions === undefined) {
    const controller = new AbortController();
    interruptions = controller;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        endedBy ??= signal;
        controller.abort();
      });
    }
  }
  return interruptions.signal;
}

/** True when somebody waits for a signal, and will end in order. */
export function awaitsInterruption(): boolean {
  return interruptions !== undefined;
}

/** Resolves when the program is asked to end: by Ctrl-C, or by SIGTERM from a supervisor. */
export function stopped(interrupt: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (interrupt.aborted) resolve();
    interrupt.addEventListener("abort", () => resolve(), { once: true });
  });
}

const opened = new Set<"stdout" | "stderr">();

/**
 * A stream, opened when it is first used, because that takes time. A broken pipe does not crash the process: write()
 * reports it to whoever is writing.
 */
function stream(name: "stdout" | "stderr"): NodeJS.WriteStream {
  if (!opened.has(name)) {
    opened.add(name);
    // oclif listens as well, and throws what is not EPIPE.
    process[name].removeAllListeners("error").on("error", () => undefined);
  }
  return process[name];
}

function streamTrouble(what: string, hint: string, cause: unknown): AtoaError {
  const code = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
  return new AtoaError({ kind: "failure", message: `${what} (${code})`, hint, cause });
}

function write(stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed) {
      reject(new PipeClosed());
      return;
    }
    stream.write(data, (error) => {
      if (!error) resolve();
      else if ((error as NodeJS.ErrnoException).code === "EPIPE") reject(new PipeClosed());
      else reject(streamTrouble("Cannot write the output", "free some space, or redirect the output elsewhere", error));
    });
  });
}

/** Milliseconds a piece of work may take before it is worth a word. */
const showAfterMs = 1000;

/**
 * One line on stderr that follows a long walk, poll or retry; only on a terminal and only after a second, and it is
 * gone when the work is done or anything else is printed.
 */
export class Progress {
  readonly #start = Date.now();
  #later: NodeJS.Timeout | undefined;

  /** Shows what is going on, now or when the second is over; cheap to call often. */
  update(text: string): void {
    clearTimeout(this.#later);
    if (!stderrIsTerminal()) return;
    const wait = this.#start + showAfterMs - Date.now();
    if (wait <= 0) showStatus(text);
    else this.#later = setTimeout(() => showStatus(text), wait).unref();
  }

  done(): void {
    clearTimeout(this.#later);
    clearStatus();
  }
}
