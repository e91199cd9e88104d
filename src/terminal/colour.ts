import { wantsColour } from "./terminal";
import { type Colour, inColour } from "./wants-colour";

/** The text in a colour when the stream wants colour, else unchanged. */
export function paint(text: string, colour: Colour, stream: "stdout" | "stderr"): string {
  return wantsColour(stream) ? inColour(text, colour) : text;
}

/** JSON text with keys, strings and other scalars told apart by colour; unchanged where colour is not wanted. */
export function paintJson(json: string): string {
  if (!wantsColour("stdout")) return json;
  return json.replace(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g, (scalar, text, colon) => {
    if (text === undefined) return paint(scalar, "yellow", "stdout");
    return colon === undefined ? paint(text, "green", "stdout") : `${paint(text, "blue", "stdout")}${colon}`;
  });
}
