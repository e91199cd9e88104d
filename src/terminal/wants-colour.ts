const codes = {
  bold: [1, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
} as const;

export type Colour = keyof typeof codes;

/** The text in a colour. */
export function inColour(text: string, colour: Colour): string {
  const [on, off] = codes[colour];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** NO_COLOR and TERM=dumb forbid colour, a non-empty FORCE_COLOR enforces it, otherwise terminals get it. */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: () => boolean): boolean {
  if ((env.NO_COLOR ?? "") !== "" || env.TERM === "dumb") return false;
  const forced = env.FORCE_COLOR ?? "";
  if (forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal();
}
