/** What the engine knows of the program: dist/completion.json, made from the manifest when the program is built. */

export interface CompletionData {
  /** Topic → its description. */
  readonly topics: Readonly<Record<string, string>>;
  /** The globals, which may stand before the command. */
  readonly globals: readonly FlagFacts[];
  /** "payments create" → what it takes. */
  readonly commands: Readonly<Record<string, CommandFacts>>;
}

export interface CommandFacts {
  readonly text: string;
  /** Its own flags, in the order of its help. */
  readonly flags: readonly FlagFacts[];
  /** Whether it has the globals too. */
  readonly globals?: true;
  /** What can stand in the place of each argument. */
  readonly args: readonly Values[];
  /** What stands behind `--`, when that is a command line of its own. */
  readonly rest?: "files";
}

export interface FlagFacts {
  readonly name: string;
  readonly text: string;
  readonly char?: string;
  /** Other spellings, which are understood and not offered. */
  readonly aliases?: readonly string[];
  readonly required?: true;
  /** May be given more than once. */
  readonly multiple?: true;
  /** Has a --no- spelling. */
  readonly allowNo?: true;
  /** Absent for a switch. */
  readonly values?: Values;
  /** Takes several of its values, separated by commas. */
  readonly list?: true;
}

/** The values themselves (none when any text will do), or which of this machine's names are meant: `@files` behind an @. */
export type Values = readonly string[] | "profiles" | "keys" | "files" | "@files";
