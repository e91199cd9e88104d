import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { choices } from "../../../src/emulator/choices";

test("every choice is read somewhere: one that nothing reads decides nothing", () => {
  const folder = join(import.meta.dirname, "../../../src/emulator");
  const files = readdirSync(folder, { recursive: true }).map(String);
  const sources = files
    .filter((name) => name.endsWith(".ts") && name !== "choices.ts")
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  expect(Object.keys(choices).filter((name) => !new RegExp(`\\bchoices\\.${name}\\b`).test(sources))).toEqual([]);
});
