import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configFromJson, configToJson, emptyConfig, readConfig } from "../../../src/profiles/config";
import fc from "../../random";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atoa-config-"));
  path = join(folder, "config.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string | Buffer, mode = 0o600) => {
  writeFileSync(path, text);
  chmodSync(path, mode);
};
const acme = {
  businessId: "b",
  displayName: "Acme",
  defaultEnv: "sandbox",
  envs: { sandbox: { tokenFingerprint: "9f3a" } },
};
const failure = (message: string) =>
  expect.objectContaining({
    kind: "failure",
    message,
    hint: expect.stringContaining("atoa reset --yes && atoa login"),
  });

describe("reading the config", () => {
  test("no file is an empty config", () => {
    expect(readConfig(path)).toEqual(emptyConfig);
    expect(readConfig(join(folder, "nowhere", "config.json"))).toEqual(emptyConfig);
  });

  test("a byte order mark is read over, a missing schemaVersion is 1, missing envs are none", () => {
    write(`\uFEFF${JSON.stringify({ profiles: { acme: { displayName: "Acme" } } })}`);
    expect(readConfig(path).profiles.get("acme")).toEqual({ displayName: "Acme" });
  });

  test.each([
    ["empty", "", "not valid JSON"],
    ["truncated", '{"schemaVersion":1,"profi', "not valid JSON"],
    ["binary", Buffer.from([0xff, 0xfe, 0x00]), "not valid JSON"],
    ["a list", "[]", "not a JSON object"],
    ["null", "null", "not a JSON object"],
    ["a version in words", '{"schemaVersion":"1"}', "schemaVersion is not 1"],
    ["version 0", '{"schemaVersion":0}', "schemaVersion is not 1"],
    ["profiles as a list", '{"profiles":[]}', "profiles must be an object"],
    ["activeProfile as a number", '{"activeProfile":1}', "activeProfile must be a string"],
    ["a profile as text", '{"profiles":{"acme":"x"}}', "profiles.acme must be an object"],
    ["a businessId as a number", '{"profiles":{"acme":{"businessId":1}}}', "profiles.acme.businessId must be a string"],
    [
      "another env",
      '{"profiles":{"acme":{"defaultEnv":"staging"}}}',
      "profiles.acme.defaultEnv must be sandbox or production",
    ],
    ["envs as a list", '{"profiles":{"acme":{"envs":[]}}}', "profiles.acme.envs must be an object"],
    [
      "a key as null",
      '{"profiles":{"acme":{"envs":{"sandbox":null}}}}',
      "profiles.acme.envs.sandbox must be an object",
    ],
    [
      "an origin as a number",
      '{"profiles":{"a":{"envs":{"sandbox":{"apiOrigin":1}}}}}',
      "profiles.a.envs.sandbox.apiOrigin must be a string",
    ],
    [
      "another store",
      '{"profiles":{"a":{"envs":{"production":{"store":"cloud"}}}}}',
      "profiles.a.envs.production.store must be file or keychain",
    ],
  ])("%s is refused with the way out", (_name, text, why) => {
    write(text);
    expect(() => readConfig(path)).toThrow(failure(`Refusing to parse ${path}: ${why}`));
  });

  test("a newer schemaVersion is refused, and the advice is to update", () => {
    write('{"schemaVersion":2,"profiles":{}}');
    expect(() => readConfig(path)).toThrow(
      expect.objectContaining({
        kind: "failure",
        message: expect.stringContaining("newer atoa"),
        hint: expect.stringContaining("npm install"),
      }),
    );
  });

  test.skipIf(process.platform === "win32")("others may read it, but not write it", () => {
    write(JSON.stringify({ profiles: { acme } }), 0o644);
    expect(readConfig(path).profiles.has("acme")).toBe(true);
    chmodSync(path, 0o620);
    expect(() => readConfig(path)).toThrow(
      expect.objectContaining({
        message: `Refusing to read ${path}: insecure permissions`,
        hint: expect.stringContaining(`chmod 600 ${path}`),
      }),
    );
  });

  test.skipIf(process.platform === "win32")("a link and a folder in its place are named", () => {
    symlinkSync(join(folder, "elsewhere"), path);
    expect(() => readConfig(path)).toThrow(
      expect.objectContaining({ kind: "failure", message: `Cannot read ${path}: it is a symbolic link` }),
    );
    rmSync(path);
    mkdirSync(path);
    expect(() => readConfig(path)).toThrow(
      expect.objectContaining({ kind: "failure", message: `Cannot read ${path}: it is a directory` }),
    );
  });
});

describe("writing the config", () => {
  test("what this version does not know survives", () => {
    const content = {
      schemaVersion: 1,
      activeProfile: "acme",
      profiles: {
        acme: { ...acme, colour: "red", envs: { sandbox: { tokenFingerprint: "9f3a", note: [1] }, staging: { x: 1 } } },
      },
      telemetry: { off: true },
    };
    expect(JSON.parse(configToJson(configFromJson(content, path)))).toEqual(content);
  });

  test("names of Object.prototype are names like any other", () => {
    const text =
      '{"schemaVersion":1,"profiles":{"__proto__":{"displayName":"P"},"constructor":{"displayName":"C"},"toString":{}}}';
    const config = configFromJson(JSON.parse(text), path);
    expect([...config.profiles.keys()]).toEqual(["__proto__", "constructor", "toString"]);
    expect(config.profiles.get("__proto__")).toEqual({ displayName: "P" });
    expect(JSON.stringify(JSON.parse(configToJson(config)))).toBe(text);
    expect(configFromJson({}, path).profiles.get("constructor")).toBeUndefined();
  });

  test("whatever JSON is in the file: a config comes out that writes back the same, or a refusal", () => {
    fc.assert(
      fc.property(
        fc.record(
          { activeProfile: fc.string(), profiles: fc.dictionary(fc.string(), fc.jsonValue()), extra: fc.jsonValue() },
          { requiredKeys: [] },
        ),
        (value) => {
          const json = JSON.parse(JSON.stringify(value));
          try {
            expect(JSON.parse(configToJson(configFromJson(json, path)))).toEqual({
              schemaVersion: 1,
              profiles: {},
              ...json,
            });
          } catch (error) {
            expect(error).toMatchObject({ kind: "failure", message: expect.stringContaining("Refusing to parse") });
          }
        },
      ),
    );
  });
});
