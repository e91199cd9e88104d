import { readdirSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import type { Command, Interfaces } from "@oclif/core";
import { describe, expect, it } from "vitest";
import { allOperations } from "../../../src/api/operations";
import { globalFlags } from "../../../src/cli/flags";
import { handlers } from "../../../src/emulator/handlers/table";
import { refusals } from "../../e2e/cases/refusals";
import { requests } from "../../e2e/cases/requests";
import { beyond, specified } from "../api/openapi";
import { contract, shorthand } from "./contract";

/** Commands, operation table, client, emulator and OpenAPI file: one to one, none missing, none doubled. */

/** oclif's own three commands about shells come as they are, and not from here. */
const folder = resolve(import.meta.dirname, "../../../src/commands");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const own = files.map((file) => file.replaceAll(sep, "/")).filter((file) => !file.startsWith("autocomplete/"));
const commands = new Map(
  await Promise.all(
    own.map(async (file) => {
      const { default: command } = (await import(join(folder, file))) as { default: typeof Command };
      return [file.replace(/\.ts$/, "").replaceAll("/", " "), command] as const;
    }),
  ),
);

const byName = <T>(left: T, right: T) => (String(left) < String(right) ? -1 : 1);
const operationsInUse = Object.values(contract).flatMap(({ operation }) => operation ?? []);

describe("one to one", () => {
  it("has exactly the commands of the contract", () => {
    expect([...commands.keys()].sort(byName)).toEqual(Object.keys(contract).sort(byName));
  });

  it("calls each operation of the API by exactly one command", () => {
    const ids = allOperations().map(({ id }) => id);
    expect([...operationsInUse].sort(byName)).toEqual([...ids].sort(byName));
    expect(new Set(operationsInUse).size).toBe(operationsInUse.length);
  });

  it("has an operation and an emulator handler for each operationId of the OpenAPI file", () => {
    const inFile = specified.map(({ id }) => id);
    expect(new Set(inFile).size).toBe(inFile.length);
    const ids = [...inFile].sort(byName);
    expect(
      allOperations()
        .map(({ id }) => id)
        .sort(byName),
    ).toEqual(ids);
    const others = beyond.map(({ id }) => id);
    expect(Object.keys(handlers).sort(byName)).toEqual([...ids, ...others].sort(byName));
  });

  it("sends the operation's own method and path in a case of the table", () => {
    const byId = new Map(allOperations().map((operation) => [operation.id, operation]));
    for (const [name, { operation: id = "" }] of Object.entries(contract)) {
      const operation = byId.get(id);
      if (operation === undefined) continue;
      const pattern = new RegExp(`^${operation.method} ${operation.path.replace(/\{\w+\}/g, "[^/]+")}(\\?|$)`);
      const cases = requests.filter(({ line }) => line.startsWith(`${name} `) || line === name);
      expect(cases.length, name).toBeGreaterThan(0);
      for (const { sends = [] } of cases) for (const { request } of sends) expect(request).toMatch(pattern);
    }
  });

  it("asks before exactly the commands that the contract marks", () => {
    const asking = refusals.filter(({ error }) => error?.startsWith("--yes is needed to "));
    const names = Object.keys(contract).sort((left, right) => right.length - left.length);
    const found = asking.map(({ line }) => names.find((name) => `${line} `.startsWith(`${name} `)));
    const marked = Object.entries(contract).flatMap(([name, { asks }]) => (asks ? [name] : []));
    expect([...new Set(found)].sort(byName)).toEqual(marked.sort(byName));
  });
});

describe("arguments and flags", () => {
  it.each(Object.entries(contract))("%s", (name, { args = "", flags }) => {
    const command = commands.get(name);
    const found = Object.entries<Interfaces.Arg<unknown>>(command?.args ?? {});
    expect(found.map(([arg, { required }]) => (required ? `<${arg}>` : `[${arg}]`)).join(" ")).toBe(args);
    const facts = { ...command?.baseFlags, ...command?.flags } as Record<string, Facts>;
    expect(Object.entries(facts).map(spelled).sort()).toEqual(expanded(flags).sort());
  });

  it("gives every resource command the same globals", () => {
    const names = (shorthand.G ?? "").split(" ");
    const resource = Object.entries(contract).filter(([, { flags }]) => flags.startsWith("G"));
    for (const [name] of resource) {
      const flags = { ...commands.get(name)?.baseFlags, ...commands.get(name)?.flags };
      expect(Object.fromEntries(names.map((flag) => [flag, flags[flag]]))).toEqual(globalFlags);
    }
  });
});

interface Facts {
  readonly required?: boolean;
  readonly type: string;
  readonly allowNo?: boolean;
}

function spelled([name, { required, type, allowNo }]: readonly [string, Facts]): string {
  return `${name}${required ? "*" : ""}${type === "boolean" && allowNo ? "±" : ""}`;
}

function expanded(flags: string): string[] {
  const words = flags.split(" ").filter((word) => word !== "");
  return words.flatMap((word) => (Object.hasOwn(shorthand, word) ? (shorthand[word] ?? "").split(" ") : [word]));
}
