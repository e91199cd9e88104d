import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeWords, fencedBlocks, tableRows } from "./markdown";
import { packageOf, readSources, root } from "./sources";

/** ARCHITECTURE.md states the rules as data; here they are held against every import and every line of src. */

const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
const sources = readSources();

interface Module {
  readonly name: string;
  readonly mayImport: readonly string[];
  readonly libraries: readonly string[];
}

const modules: Module[] = tableRows(page, "module").map(([name = "", , mayImport = "", libraries = ""]) => ({
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

function moduleOf(path: string): Module | undefined {
  return modules.find((module) => isIn(path, module.name));
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
  it("names the module of every source file, and no other", () => {
    expect(sources.filter(({ path }) => moduleOf(path) === undefined).map(({ path }) => path)).toEqual([]);
    const used = new Set(sources.map(({ path }) => moduleOf(path)?.name));
    expect(modules.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  it("allows every import there is", () => {
    const wrong = inner.filter(({ source, to }) => {
      const module = moduleOf(source.path);
      return module === undefined || !(isIn(to, module.name) || module.mayImport.some((allowed) => isIn(to, allowed)));
    });
    expect(wrong.map(({ source, to }) => `${source.path} imports ${to}`)).toEqual([]);
  });

  it("has the emulator's floors in order: each imports from itself and from below", () => {
    const floors = tableRows(page, "floor of `emulator/`").map(([names = ""]) => codeWords(names));
    const floorOf = (path: string) => floors.findIndex((names) => names.some((name) => isIn(path, `emulator/${name}`)));
    const inside = sources.filter(({ path }) => path.startsWith("emulator/") && path !== "emulator/yaml.d.ts");
    expect(inside.filter(({ path }) => floorOf(path) === -1).map(({ path }) => path)).toEqual([]);
    const empty = floors.flat().filter((name) => !inside.some(({ path }) => isIn(path, `emulator/${name}`)));
    expect(empty).toEqual([]);
    const upwards = inner.filter(
      ({ source, to }) => inside.includes(source) && floorOf(to) !== -1 && floorOf(to) < floorOf(source.path),
    );
    expect(upwards.map(({ source, to }) => `${source.path} imports ${to}`)).toEqual([]);
  });

  it("has no circle: types count, and so does what is imported late", () => {
    const known = new Map(sources.map(({ path, imports }) => [path, imports.map(place)]));
    const done = new Set<string>();
    const circles: string[] = [];
    const follow = (path: string, way: readonly string[]): void => {
      const start = way.indexOf(path);
      if (start !== -1) circles.push([...way.slice(start), path].join(" → "));
      if (start !== -1 || done.has(path)) return;
      for (const to of known.get(path) ?? []) follow(to, [...way, path]);
      done.add(path);
    };
    for (const path of known.keys()) follow(path, []);
    expect(circles).toEqual([]);
  });

  it("allows every library that is used, where it is used", () => {
    const wrong = outer.filter(({ source, library }) => !moduleOf(source.path)?.libraries.includes(library));
    expect(wrong.map(({ source, library }) => `${source.path} imports ${library}`)).toEqual([]);
  });

  it("allows nothing that is not needed", () => {
    const idle = modules.flatMap((module) => {
      const from = ({ source }: { source: { path: string } }) => isIn(source.path, module.name);
      const unusedModules = module.mayImport.filter(
        (allowed) => !inner.some((one) => from(one) && isIn(one.to, allowed)),
      );
      const unusedLibraries = module.libraries.filter(
        (name) => !outer.some((one) => from(one) && one.library === name),
      );
      return [...unusedModules, ...unusedLibraries].map((what) => `${module.name} does not import ${what}`);
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
    expect([...explained].sort()).toEqual([...new Set(modules.flatMap(({ libraries }) => libraries))].sort());
  });

  it("knows only libraries that package.json asks for", () => {
    const { devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const asked = { ...devDependencies, ...optionalDependencies };
    expect(modules.flatMap(({ libraries }) => libraries).filter((name) => !(name in asked))).toEqual([]);
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
  it("raise AtoaError, EmulatorError in the emulator, a class of their own, or what the table above allows", () => {
    const strays = sources.flatMap(({ path, code }) =>
      [...code.matchAll(/\bthrow new (\w*Error)\(/g)]
        .map((match) => match[1])
        .filter((name) => name !== (path.startsWith("emulator/") ? "EmulatorError" : "AtoaError"))
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
