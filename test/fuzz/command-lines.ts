import type { CommandOfManifest, FlagOfManifest } from "../manifest";
import { readManifest, sampleArgv } from "../manifest";
import { codePoint, fc } from "./cases";

/** Command lines: half of them nearly right, with flags, spellings and orders mixed, and values from tame to absurd. */

const commands = readManifest();
/** These start servers and other programs. What they make of argv is in the share that is only parsed. */
const notRun = new Set(["emulator:start", "emulator:exec", "webhooks:listen"]);
const ids = Object.keys(commands).filter((id) => !notRun.has(id));

/** Any text, NUL and lone surrogates included. */
const anyText = fc.oneof(
  fc.string({ unit: codePoint, maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ maxLength: 20 }),
);

const oddities = [
  "",
  " ",
  "-",
  "--",
  "-1",
  "0",
  "1e309",
  "NaN",
  "..",
  "a/../b",
  "%2e%2e",
  "@",
  "@/nowhere/at/all",
  "@.",
  "{}",
  "[]",
  "null",
  '{"a":{"b":[1,2,{"c":null}]}}',
  '{"__proto__":{"x":1}}',
  "{",
  "__proto__",
  "constructor",
  "toString",
  "\u0000",
  "a\u0000b",
  "\u001b[31mred\u001b]0;title\u0007",
  "\u202eltr",
  "\ud800",
  "𝕏".repeat(40),
  "0.999",
  "99999999999999999999",
  "2026-02-30",
  "http://[::1",
  "https://user:pass@host/",
  "//evil.example/x",
  "http://evil.example/x",
  "/api/../../x",
  "/api/x?y=z#w",
  ":id=1",
  "a=b=c",
  "=",
  "true",
];

const huge = fc.constantFrom("a", "9", "é", "{", "[", "-", ",", "\u0000", "%").map((unit) => unit.repeat(100_000));

const value: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("2.00", "id_123", "2026-01-01", "https://shop.example/", "ann@example.com") },
  { weight: 6, arbitrary: fc.constantFrom(...oddities) },
  { weight: 6, arbitrary: anyText },
  { weight: 1, arbitrary: huge },
  { weight: 1, arbitrary: fc.json() },
);

function someValue(flag: Pick<FlagOfManifest, "options" | "values" | "known">): fc.Arbitrary<string> {
  const named = flag.options ?? flag.values ?? flag.known ?? [];
  if (named.length === 0) return value;
  const known = fc.constantFrom(...named);
  return fc.oneof(
    { weight: 4, arbitrary: known },
    { weight: 2, arbitrary: known.map((text) => text.toUpperCase()) },
    { weight: 1, arbitrary: value },
  );
}

/** One flag as somebody may type it. */
function typed(name: string, flag: FlagOfManifest): fc.Arbitrary<string[]> {
  const spelled = fc.constantFrom(
    `--${name}`,
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    ...(flag.char === undefined ? [] : [`-${flag.char}`]),
    ...(flag.allowNo === true ? [`--no-${name}`] : []),
  );
  if (flag.type === "boolean") {
    return fc.tuple(spelled, fc.constantFrom("", "", "", "", "=true", "=")).map(([text, end]) => [text + end]);
  }
  return fc
    .tuple(spelled, someValue(flag), fc.constantFrom("apart", "apart", "joined", "alone"))
    .map(([text, given, how]) => (how === "apart" ? [text, given] : how === "joined" ? [`${text}=${given}`] : [text]));
}

const strayFlag = fc.oneof(
  fc.constantFrom(
    "--",
    "-",
    "---",
    "--=",
    "--no-",
    "-h",
    "--help",
    "--version",
    "--x",
    "-xyz",
    "--dry-run",
    "--no-yes",
  ),
  anyText.map((text) => `--${text}`),
  anyText.map((text) => `-${text}`),
);

function commandLine(id: string, command: CommandOfManifest): fc.Arbitrary<string[]> {
  const flags = Object.entries(command.flags);
  const args = Object.entries(command.args);
  const someFlags = flags.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...flags), { maxLength: 5 });
  const pieces = fc.tuple(
    // Right to begin with: its required flags and arguments …
    fc.constantFrom(true, true, false).map((right) => (right ? [sampleArgv(id, command)] : [id.split(":")])),
    // … then whatever else it knows, what it does not know, and words too many.
    someFlags.chain((some) => fc.tuple(...some.map(([name, flag]) => typed(name, flag)))),
    fc.tuple(...args.map(([, arg]) => fc.option(someValue(arg), { nil: undefined }))),
    fc.array(strayFlag, { maxLength: 1 }),
    fc.array(value, { maxLength: 1 }),
  );
  return pieces.chain(([start, known, given, stray, words]) => {
    const rest = [
      ...known,
      ...given.flatMap((text) => (text === undefined ? [] : [[text]])),
      ...stray.map((flag) => [flag]),
    ];
    const all = [...rest, ...words.map((word) => [word])];
    return fc
      .tuple(fc.shuffledSubarray(all, { minLength: Math.min(all.length, 1) }), fc.nat({ max: 8 }))
      .map(([mixed, cut]) => {
        const [head = []] = start;
        // Flags before the command, in one of eight.
        return cut === 0 ? [...mixed.flat(), ...head] : [...head, ...mixed.flat()];
      });
  });
}

const chaos = fc.array(fc.oneof(value, strayFlag, fc.constantFrom(...ids.flatMap((id) => id.split(":")))), {
  maxLength: 6,
});

/** A command line that may be carried out here: nothing that starts servers or programs. */
export const commandLines: fc.Arbitrary<string[]> = fc
  .oneof(
    {
      weight: 12,
      arbitrary: fc.constantFrom(...ids).chain((id) => commandLine(id, commands[id] ?? { flags: {}, args: {} })),
    },
    { weight: 1, arbitrary: chaos },
  )
  .filter((argv) => !argv.includes("emulator"));

/** Any command line, for what only reads it. */
export const anyCommandLines: fc.Arbitrary<string[]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...Object.keys(commands))
      .chain((id) => commandLine(id, commands[id] ?? { flags: {}, args: {} })),
  },
  { weight: 1, arbitrary: chaos },
  { weight: 1, arbitrary: fc.array(anyText, { maxLength: 8 }) },
);
