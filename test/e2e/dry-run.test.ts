import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dryRunArgv, inputFiles, inputText, readManifest } from "../manifest";
import { lanePool } from "./lanes";

/** A dry run sends nothing and changes nothing, whatever else stands on the line: every command that has one. */

const pool = lanePool(inputFiles);
const commands = Object.entries(readManifest()).filter(([, { flags }]) => "dryRun" in flags);

/** Every file below the home with its text and the time of its last change. */
function filesOf(home: string): unknown[] {
  const paths = readdirSync(home, { recursive: true, encoding: "utf8" }).map((name) => join(home, name));
  return paths
    .filter((path) => statSync(path).isFile() && !path.includes(".cache"))
    .map((path) => [path, statSync(path).mtimeMs, readFileSync(path, "latin1")]);
}

const own = (name: string) => !["dryRun", "yes", "verbose", "help", "version"].includes(name);
const lines = commands.flatMap(([id, command]) => {
  const switches = Object.entries(command.flags).filter(([name, { type }]) => type === "boolean" && own(name));
  const argv = dryRunArgv(id, command);
  return [
    { title: argv.join(" "), argv, codes: [0] },
    // Some go with nothing else that stands there: then they are refused, which sends nothing either.
    ...switches.map(([name]) => ({
      title: `${argv.join(" ")} --${name}`,
      argv: [...argv, `--${name}`],
      codes: [0, 3],
    })),
  ];
});

describe.concurrent("nothing is sent and no file changes", () => {
  it.for(lines.map((one) => [one.title, one] as const))("%s", ([, { argv, codes }]) =>
    pool.use(async ({ run, home, emulator }) => {
      const before = filesOf(home);
      const outcome = await run(argv, { stdin: inputText });
      expect(emulator.requests()).toEqual([]);
      expect(filesOf(home)).toEqual(before);
      expect(codes, outcome.stderr).toContain(outcome.code);
    }),
  );
});

it("the walk has all commands that change something", () => {
  expect(commands.map(([id]) => id)).toEqual(
    expect.arrayContaining(["logout", "reset", "keys:revoke", "keys:regenerate", "refunds:create", "profile:delete"]),
  );
  expect(lines.map(({ argv }) => argv.join(" "))).toContain("logout --yes --env sandbox --dryRun --revoke");
});
