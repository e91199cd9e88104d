import { wantsColour } from "./terminal";

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

export type Colour = keyof typeof codes;

/** The text in a colour when the stream wants colour, else unchanged. */
export function paint(text: string, colour: Colour, stream: "stdout" | "stderr"): string {
  if (!wantsColour(stream)) return text;
  const [on, off] = codes[colour];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** JSON text with keys, strings and other scalars told apart by colour; unchanged where colour is not wanted. */
export function paintJson(json: string): string {
  if (!wantsColour("stdout")) return json;
  return json.replace(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g, (scalar, text, colon) => {
    if (text === undefined) return paint(scalar, "yellow", "stdout");
    return colon === undefined ? paint(text, "green", "stdout") : `${paint(text, "blue", "stdout")}${colon}`;
  });
}
