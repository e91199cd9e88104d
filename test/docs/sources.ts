import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** The sources as tests of the rules see them: files, what they import, and their code without comments. */

export const root = resolve(import.meta.dirname, "../..");
const src = join(root, "src");

export interface Source {
  /** Path below src, with forward slashes: `api/retry.ts`. */
  readonly path: string;
  /** The file without comments. */
  readonly code: string;
  /** Everything that is imported, types included: a path below the project (`src/errors.ts`, `spec/…`) or a package. */
  readonly imports: readonly string[];
}

export function readSources(): Source[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => readSource(join(entry.parentPath, entry.name)))
    .sort((a, b) => a.path.localeCompare(b.path));
}

function readSource(file: string): Source {
  const code = withoutComments(readFileSync(file, "utf8"));
  return { path: slashes(relative(src, file)), code, imports: specifiers(code).map((name) => target(file, name)) };
}

/** Comments go; text in quotes stays, even where it holds what looks like a comment. */
function withoutComments(text: string): string {
  return text.replace(/("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|(?<![:\\/])\/\/[^\n]*/g, "$1");
}

function specifiers(code: string): string[] {
  const found = [
    ...code.matchAll(/^[ \t]*(?:import|export)\b[^"'`;]*?\bfrom\s*"([^"]+)"/gm),
    ...code.matchAll(/^[ \t]*import\s+"([^"]+)"/gm),
    ...code.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g),
    ...code.matchAll(/\brequire\(\s*"([^"]+)"\s*\)/g),
  ];
  return found.map((match) => match[1] ?? "");
}

function target(from: string, name: string): string {
  if (!name.startsWith(".")) return name;
  const path = slashes(relative(root, resolve(dirname(from), name)));
  return /\.[a-z\d]+$/.test(path) ? path : `${path}.ts`;
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}

/** `zod/mini` → `zod`, `@oclif/core/help` → `@oclif/core`. */
export function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
