import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { breaks, commandTree, removedIn, type Tree } from "../../build/snapshot.mjs";
import { root } from "./sources";

/** Nothing that users rely on goes by accident. */

const released = JSON.parse(readFileSync(join(root, "test/snapshot/commands.json"), "utf8"));

describe("the command tree of the last release", () => {
  it("is all there, but for what the changelog names under Removed", async () => {
    const missed = breaks(released, await commandTree());
    const named = removedIn(readFileSync(join(root, "CHANGELOG.md"), "utf8"));
    expect(missed.filter((what) => !named.includes(what))).toEqual([]);
  });
});

describe("breaks", () => {
  const id = { name: "id", options: ["A", "B"] };
  const size = { type: "option", options: ["a", "b"], default: "a", char: "x", aliases: ["other"] };
  const before: Tree = {
    exitCodes: { usage: 3 },
    commands: {
      gone: { args: [], flags: {} },
      kept: {
        aliases: ["k"],
        args: [id],
        flags: { size: { ...size, negatable: true, list: true }, old: { type: "boolean" } },
      },
    },
  };

  it("finds nothing when nothing or only more is there", () => {
    const { gone, kept } = before.commands;
    const flags = {
      ...kept?.flags,
      size: { ...size, options: ["c", "b", "a"], negatable: true as const, list: true as const },
    };
    const more: Tree = {
      exitCodes: { usage: 3, other: 9 },
      commands: {
        gone: gone ?? { args: [], flags: {} },
        added: { args: [{ name: "id", required: true }], flags: {} },
        kept: { aliases: ["k", "l"], args: [id, { name: "more" }], flags: { ...flags, added: { type: "option" } } },
      },
    };
    expect(breaks(before, before)).toEqual([]);
    expect(breaks(before, more)).toEqual([]);
  });

  it("names everything that is gone or has become stricter", () => {
    const after: Tree = {
      exitCodes: { usage: 2 },
      commands: {
        kept: {
          aliases: [],
          args: [
            { name: "id", required: true, options: ["A"] },
            { name: "second", required: true },
          ],
          flags: {
            size: { type: "boolean", options: ["a"], default: "b", aliases: [] },
            must: { type: "option", required: true },
          },
        },
      },
    };
    expect(breaks(before, after).sort()).toEqual(
      [
        "exit code 3 (usage)",
        "gone",
        "alias k of kept",
        "kept <id> B",
        "kept without <id>",
        "kept without <second>",
        "kept --old",
        "kept --size b",
        "kept --size as --other",
        "kept --size as option",
        "kept --size by default a",
        "kept --size as -x",
        "kept --no-size",
        "kept --size more than once",
        "kept without --must",
      ].sort(),
    );
  });

  it("reads what the changelog owns up to", () => {
    const changelog =
      "# C\n\n## Unreleased\n\n### Removed\n\n- `payments create --old`, use `--new`\n\n### Added\n\n- `x`\n\n## 1.0\n\n### Removed\n\n- `y`\n";
    expect(removedIn(changelog)).toEqual(["payments create --old", "--new"]);
  });
});
