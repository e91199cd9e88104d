import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeWords, fencedBlocks, tableRows } from "./markdown";
import { packageOf, readSources, root } from "./sources";

/** ARCHITECTURE.md states the rules as data; here they are held against every import and every line of src. */

const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
const sources = readSources();

interface Room {
  readonly name: string;
  readonly mayImport: readonly string[];
  readonly libraries: readonly string[];
}

const rooms: Room[] = tableRows(page, "room").map(([name = "", , mayImport = "", libraries = ""]) => ({
  name: codeWords(name)[0] ?? "",
  mayImport: codeWords(mayImport),
  libraries: codeWords(libraries),
}));

const places = tableRows(page, "only these").map(([only = "", contain = ""]) => ({
  only: codeWords(only),
  texts: codeWords(contain),
}));

function isIn(path: string, place: string): boolean {
  return place.endsWith("/") ? path.startsWith(place) : path === place;
}

function roomOf(path: string): Room | undefined {
  return rooms.find((room) => isIn(path, room.name));
}

/** Where an import of the project leads, in the table's words: below src without the prefix, else below the project. */
function place(target: string): string {
  return target.startsWith("src/") ? target.slice(4) : target;
}

const inner = sources.flatMap((source) =>
  source.imports
    .filter((target) => /^(src|spec)\/|^package\.json$/.test(target))
    .map((target) => ({ source, to: place(target) })),
);
const outer = sources.flatMap((source) =>
  source.imports
    .filter((target) => !/^(src|spec)\/|^package\.json$|^node:/.test(target))
    .map((target) => ({ source, library: packageOf(target) })),
);

describe("ARCHITECTURE.md", () => {
  it("names the room of every source file, and no other", () => {
    expect(sources.filter(({ path }) => roomOf(path) === undefined).map(({ path }) => path)).toEqual([]);
    const used = new Set(sources.map(({ path }) => roomOf(path)?.name));
    expect(rooms.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  it("allows every import there is", () => {
    const wrong = inner.filter(({ source, to }) => {
      const room = roomOf(source.path);
      return room === undefined || !(isIn(to, room.name) || room.mayImport.some((allowed) => isIn(to, allowed)));
    });
    expect(wrong.map(({ source, to }) => `${source.path} imports ${to}`)).toEqual([]);
  });

  it("allows every library that is used, where it is used", () => {
    const wrong = outer.filter(({ source, library }) => !roomOf(source.path)?.libraries.includes(library));
    expect(wrong.map(({ source, library }) => `${source.path} imports ${library}`)).toEqual([]);
  });

  it("allows nothing that is not needed", () => {
    const idle = rooms.flatMap((room) => {
      const from = ({ source }: { source: { path: string } }) => isIn(source.path, room.name);
      const unusedRooms = room.mayImport.filter((allowed) => !inner.some((one) => from(one) && isIn(one.to, allowed)));
      const unusedLibraries = room.libraries.filter((name) => !outer.some((one) => from(one) && one.library === name));
      return [...unusedRooms, ...unusedLibraries].map((what) => `${room.name} does not import ${what}`);
    });
    expect(idle).toEqual([]);
  });

  it.each(places)("keeps $texts in $only", ({ only, texts }) => {
    for (const text of texts) {
      const found = sources.filter(({ code }) => code.includes(text)).map(({ path }) => path);
      expect(
        found.filter((path) => !only.some((allowed) => isIn(path, allowed))),
        `files with ${text}`,
      ).toEqual([]);
      expect(
        only.filter((allowed) => !found.some((path) => isIn(path, allowed))),
        `places without ${text}`,
      ).toEqual([]);
    }
  });

  it("gives a reason for each bundled library, and for no other", () => {
    const explained = tableRows(page, "library").flatMap(([names = ""]) => codeWords(names));
    expect([...explained].sort()).toEqual([...new Set(rooms.flatMap(({ libraries }) => libraries))].sort());
  });

  it("knows only libraries that package.json asks for", () => {
    const { devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const asked = { ...devDependencies, ...optionalDependencies };
    expect(rooms.flatMap(({ libraries }) => libraries).filter((name) => !(name in asked))).toEqual([]);
  });

  it("shows real files", () => {
    const shown = fencedBlocks(page).filter(({ note }) => note?.startsWith("file: "));
    expect(shown.length).toBeGreaterThan(0);
    for (const { note, text } of shown) {
      expect(text).toBe(readFileSync(join(root, note?.slice("file: ".length) ?? ""), "utf8"));
    }
  });
});

describe("sources", () => {
  it("raise AtoaError, a class of their own, or what the table above allows", () => {
    const strays = sources.flatMap(({ path, code }) =>
      [...code.matchAll(/\bthrow new (\w*Error)\(/g)]
        .map((match) => match[1])
        .filter((name) => name !== "AtoaError")
        .map((name) => `${path} throws ${name}`),
    );
    expect(strays).toEqual([]);
  });

  it("stay short enough to read", () => {
    const long = sources.filter(({ path }) => {
      const lines = readFileSync(join(root, "src", path), "utf8").split("\n").length - 1;
      return lines > 350;
    });
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});
