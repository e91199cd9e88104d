/** What to say of a word that is no command, and of a flag that no command has. Loaded only then. */
import { type AtoaError, usageError } from "../errors";
import { truncate } from "../text";

/**
 * A command that does not exist.
 * @param topic what the first words of it name: "" or "payments"
 * @param ids of all commands, as in "payments:create"
 * @param help where to look when nothing is close
 */
export function unknownCommand(
  typed: readonly string[],
  topic: string,
  ids: readonly string[],
  help: string,
): AtoaError {
  const known = topic === "" ? [] : topic.split(":");
  const below = ids.map((id) => id.split(":")).filter((id) => known.every((word, index) => id[index] === word));
  // What comes after the two words of a command, or after the first unknown one, are values of its flags.
  const words = typed.slice(0, Math.max(known.length + 1, 2));
  const rests = below.map((id) => id.slice(known.length));
  const start = known.map((word) => `${word} `).join("");
  const whole = nearest(
    words.slice(known.length).join(" "),
    rests.map((rest) => rest.join(" ")),
  );
  const first = nearest(
    words[known.length] ?? "",
    rests.map((rest) => rest[0] ?? ""),
  );
  const close = (whole.length > 0 ? whole : first).map((name) => start + name);
  const hint = hintFor(words) ?? didYouMean(close, help);
  return usageError(`Unknown command "${short(words.join(" "))}"`, hint).with({ code: "UNKNOWN_COMMAND" });
}

/**
 * Flags that the command does not have.
 * @param spelled each with its dashes
 * @param names of the flags that it has
 */
export function unknownFlags(spelled: readonly string[], names: readonly string[], help: string): AtoaError {
  const [first = ""] = spelled;
  const close = nearest(first.replace(/^-+/, ""), names).map((name) => `--${name}`);
  const error = usageError(
    `Unknown flag${spelled.length === 1 ? "" : "s"} ${spelled.map(short).join(", ")}`,
    hintForFlag(first) ?? didYouMean(close, help),
  );
  return error.with({ code: "UNKNOWN_FLAG", field: short(first) });
}

/** argv may hold a hundred kilobytes; an error shows enough to recognise it. */
function short(text: string): string {
  return truncate(text, 100);
}

/** Words → what to do instead. @internal */
export const hints: Readonly<Record<string, string>> = {
  "refunds get": "`atoa refunds list --paymentRequestId <id>` shows the refunds of a payment",
  "payments refund": "use `atoa refunds create`",
  "payments capture": "use `atoa card-on-file capture`",
  "payments charge": "use `atoa card-on-file charge`",
  "payments search": "use `atoa payments transactions --search <text>`",
  "customers search": "use `atoa customers list --search <text>`",
  "payouts get": "use `atoa payouts transactions <payoutId>`",
  "webhooks test": "use `atoa webhooks trigger`",
  "webhooks forward": "use `atoa webhooks listen --forward <url>`",
  "events resend": "use `atoa webhooks replay`",
  "keys list": "`atoa profile list` shows the keys of this machine",
  "keys create": "create one in the Atoa dashboard, then `atoa login`",
  "profile add": "use `atoa login --profile <name>`",
  "profile create": "use `atoa login --profile <name>`",
  "profile get": "use `atoa profile show`",
  "profile remove": "use `atoa profile delete`",
  "emulator run": "use `atoa emulator exec -- <command>`",
  "emulator stop": "press Ctrl-C where it runs",
  auth: "use `atoa login`, `atoa logout` or `atoa whoami`",
  signin: "use `atoa login`",
  signout: "use `atoa logout`",
  init: "use `atoa login`",
  setup: "use `atoa login`",
  config: "use `atoa profile`: list, show, use, set",
  configure: "use `atoa login`, or `atoa profile set`",
  listen: "use `atoa webhooks listen`",
  forward: "use `atoa webhooks listen`",
  verify: "use `atoa webhooks verify`",
  replay: "use `atoa webhooks replay`",
  trigger: "use `atoa webhooks trigger`",
  events: "use `atoa webhooks listen` to receive them, `atoa webhooks trigger` to send a test event",
  logs: "`atoa payments transactions` lists payments; `atoa emulator start` shows each request as it comes",
  capture: "use `atoa card-on-file capture`",
  checkout: "use `atoa payments create`",
  qr: "`atoa payments create --qr` shows the payment page as a QR code",
  open: "`atoa payments create --open` opens the payment page",
  mock: "use `atoa emulator start`",
  serve: "use `atoa emulator start`",
  test: "use `atoa emulator exec -- <command>`",
  api: "use `atoa get`, `atoa post` or `atoa delete` with a path",
  charge: "use `atoa card-on-file charge`",
  charges: "use `atoa card-on-file charge`",
  cards: "use `atoa payment-methods list`, or `atoa card-on-file charge`",
  transactions: "use `atoa payments transactions`",
  status: "use `atoa payments status <id>`, or `atoa whoami`",
  balance: "use `atoa bank-feed balance`, or `atoa payouts list`",
  account: "use `atoa whoami`",
  accounts: "use `atoa bank-feed accounts`, or `atoa profile list`",
  banks: "use `atoa institutions list`",
  update: "npm install -g @atoapayments/atoa-cli",
  upgrade: "npm install -g @atoapayments/atoa-cli",
};

/** What to do instead of a command that does not exist, or undefined. */
function hintFor(words: readonly string[]): string | undefined {
  return entry(hints, words.slice(0, 2)) ?? entry(hints, words.slice(0, 1));
}

/** Flags of gh, stripe and jq: what does the same here. */
const flagHints: Readonly<Record<string, string>> = {
  fields: "use `--columns`",
  format: "use `--output`",
  jq: "use `--query` with a JMESPath expression",
  json: "JSON is the default; `--output` has the other formats",
  web: "use `--open`, where the command has it",
};

/** What to do instead of a flag that does not exist, or undefined. @param spelled with its dashes */
function hintForFlag(spelled: string): string | undefined {
  return entry(flagHints, [spelled.replace(/^-+/, "")]);
}

function entry(table: Readonly<Record<string, string>>, words: readonly string[]): string | undefined {
  const key = words.join(" ");
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Names that are close to what was typed, best first: at most three. @internal */
export function nearest(typed: string, names: Iterable<string>): string[] {
  const limit = typed.length <= 4 ? 1 : Math.min(5, Math.max(2, Math.ceil(typed.length / 4)));
  const lengthApart = (name: string) => Math.abs(name.length - typed.length);
  return [...new Set(names)]
    .map((name) => ({ name, distance: startsAlike(typed, name) ? 1 : editDistance(typed, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || lengthApart(a.name) - lengthApart(b.name) || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** "did you mean `a` or `b`?", or the fallback when nothing is close. @internal */
export function didYouMean(close: readonly string[], fallback: string): string {
  if (close.length === 0) return fallback;
  return `did you mean ${close
    .slice(0, 3)
    .map((name) => `\`${name}\``)
    .join(" or ")}?`;
}

function startsAlike(typed: string, name: string): boolean {
  return typed.length >= 3 && name.toLowerCase().startsWith(typed.toLowerCase());
}

/** Edits (a letter more, less, other, or two swapped) without regard to case; bounded input, since argv may hold anything. */
function editDistance(left: string, right: string): number {
  const [a, b] = [left.slice(0, 64).toLowerCase(), right.slice(0, 64).toLowerCase()];
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let col = 1; col <= b.length; col++) {
      const other = (previous[col - 1] ?? 0) + (a[row - 1] === b[col - 1] ? 0 : 1);
      const swapped = row > 1 && col > 1 && a[row - 1] === b[col - 2] && a[row - 2] === b[col - 1];
      const swap = swapped ? (beforePrevious[col - 2] ?? 0) + 1 : other;
      current.push(Math.min(other, swap, (previous[col] ?? 0) + 1, (current[col - 1] ?? 0) + 1));
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
