import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./installed";

interface Package {
  readonly optionalDependencies?: Record<string, string>;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly engines?: { readonly node?: string };
}

/** `npm ci` refuses a lock file in which a platform's package is missing, and npm writes one when it cannot reach that package. */
describe("package-lock.json", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, Package>;
  };
  const paths = Object.keys(packages);

  it("has the packages of every platform", () => {
    const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => ({ path, name })),
    );
    const missing = wanted.filter(({ name }) => !paths.some((path) => path.endsWith(`node_modules/${name}`)));
    expect(missing.map(({ path, name }) => `${name}, wanted by ${path}`)).toEqual([]);
  });

  it("knows every package by its hash, and by no address of its own", () => {
    const installed = Object.entries(packages).filter(([path]) => path !== "");
    expect(installed.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([]);
    const elsewhere = installed.filter(
      ([, { resolved }]) => !/^(https:\/\/registry\.npmjs\.org\/|$)/.test(resolved ?? ""),
    );
    expect(elsewhere.map(([path]) => path)).toEqual([]);
  });

  it("asks for the Node that the bundled HTTP library asks for", () => {
    expect(packages[""]?.engines?.node).toBe(packages["node_modules/undici"]?.engines?.node);
  });
});
