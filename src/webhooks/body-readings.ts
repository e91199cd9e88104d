/**
 * What a body may have become on its way from the wire to the place where it was hashed, each with the name of the mistake.
 * They decode the bytes; the true check never does.
 */

type BodyMistake = "BODY_REFORMATTED" | "BODY_TRAILING_NEWLINE" | "BODY_CRLF" | "BODY_BOM" | "BODY_REENCODED";

export interface BodyReading {
  readonly mistake: BodyMistake;
  /** What was hashed, for a person: "the body with a line end added". */
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** At most 21 readings other than the bytes as they are, the likeliest first; none twice. */
export function readingsOf(body: Uint8Array): BodyReading[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = bytes.toString("utf8");
  const readings: BodyReading[] = [];
  for (const [mistake, what, value] of [...lineEnds(text), ...encodings(text, bytes), ...prints(text)]) {
    const candidate = typeof value === "string" ? Buffer.from(value) : value;
    const known = candidate.equals(bytes) || readings.some((reading) => candidate.equals(reading.bytes));
    if (!known) readings.push({ mistake, what, bytes: candidate });
  }
  return readings;
}

type Candidate = readonly [BodyMistake, string, string | Buffer];

function lineEnds(text: string): Candidate[] {
  return [
    ["BODY_TRAILING_NEWLINE", "the body without its final newline", text.replace(/(\r?\n)+$/, "")],
    ["BODY_TRAILING_NEWLINE", "the body with a newline at the end", `${text}\n`],
    ["BODY_TRAILING_NEWLINE", "the body with a Windows newline at the end", `${text}\r\n`],
    ["BODY_CRLF", "the body with Unix line endings", text.replaceAll("\r\n", "\n")],
    ["BODY_CRLF", "the body with Windows line endings", text.replace(/\r?\n/g, "\r\n")],
    ["BODY_BOM", "the body without its byte order mark", text.replace(/^\ufeff/, "")],
    ["BODY_BOM", "the body with a byte order mark", `\ufeff${text}`],
  ];
}

/** The same text, written in other bytes. */
function encodings(text: string, bytes: Buffer): Candidate[] {
  return [
    ["BODY_REENCODED", "the body decoded as UTF-8 and encoded again", text],
    ["BODY_REENCODED", "the body in Latin-1", Buffer.from(text, "latin1")],
    ["BODY_REENCODED", "the body read as Latin-1 and written as UTF-8", bytes.toString("latin1")],
    ["BODY_REENCODED", "the body in UTF-16", Buffer.from(text, "utf16le")],
    ["BODY_REENCODED", "the body with \\u escapes for non-ASCII characters", escaped(text)],
    ["BODY_REENCODED", "the body with \\u escapes, and \\/ for slashes", escaped(text).replace(/(?<!\\)\//g, "\\/")],
    ["BODY_REENCODED", "the body without \\u and \\/ escapes", unescaped(text)],
  ];
}

/** The same value, printed anew by the libraries that people use. */
function prints(text: string): Candidate[] {
  const compact = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1").replace(/^\ufeff/, "");
  const value = parsed(text);
  if (value === undefined) return [];
  const print = (space?: number) => JSON.stringify(value, null, space);
  return [
    ["BODY_REFORMATTED", "the body without whitespace", compact],
    ["BODY_REFORMATTED", "the body parsed and serialised again", print()],
    ["BODY_REFORMATTED", "the body indented by 2", print(2)],
    ["BODY_REFORMATTED", "the body indented by 2 with a final newline, as jq does", `${print(2)}\n`],
    ["BODY_REFORMATTED", "the body indented by 4", print(4)],
    ["BODY_REFORMATTED", "the body serialised as by Python's json.dumps", escaped(spaced(compact))],
    ["BODY_REFORMATTED", "the body with its fields sorted", JSON.stringify(sorted(value))],
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, "")) as unknown;
  } catch {
    return undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (whole, hex?: string, other?: string) => {
    if (other === "/") return "/";
    const unit = hex === undefined ? 0 : Number.parseInt(hex, 16);
    return unit >= 0x80 ? String.fromCharCode(unit) : whole;
  });
}

/** A blank after each comma and colon between parts. */
function spaced(compact: string): string {
  return compact.replace(/("(?:[^"\\]|\\.)*")|([,:])/g, (_, quoted?: string, mark?: string) => quoted ?? `${mark} `);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, field]) => [name, sorted(field)]));
}
