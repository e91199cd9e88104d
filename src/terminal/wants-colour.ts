/** NO_COLOR and TERM=dumb forbid colour, a FORCE_COLOR that says something demands it, else a terminal gets it. */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: () => boolean): boolean {
  if ((env.NO_COLOR ?? "") !== "" || env.TERM === "dumb") return false;
  const forced = env.FORCE_COLOR ?? "";
  if (forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal();
}
