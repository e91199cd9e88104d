import { isAbsolute, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { statePaths } from "../../../src/profiles/state-files";

test("ATOA_HOME wins over HOME, with blanks, unicode and relative paths", () => {
  const home = resolve("/srv/my ünï home");
  const folder = join(home, ".config", "atoa");
  expect(statePaths({ ATOA_HOME: home, HOME: "/home/a" })).toEqual({
    home,
    directory: folder,
    config: join(folder, "config.json"),
    secrets: join(folder, "secrets.json"),
    webhooks: join(folder, "webhooks"),
    lock: join(folder, "secrets.json.lock"),
    lockOwner: join(folder, "secrets.json.lock-owner"),
    isolated: true,
  });
  expect(statePaths({ ATOA_HOME: "state" }).home).toBe(resolve("state"));
});

test("an empty or blank ATOA_HOME is unset", () => {
  for (const ATOA_HOME of ["", "  ", undefined]) {
    expect(statePaths({ ATOA_HOME, HOME: "/home/a", USERPROFILE: "/home/a" })).toMatchObject({
      home: "/home/a",
      isolated: false,
    });
  }
});

test("without HOME the system's user entry knows", () => {
  for (const HOME of ["", undefined]) expect(isAbsolute(statePaths({ HOME }).directory)).toBe(true);
});
