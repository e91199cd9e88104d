import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { shellPath, statePaths } from "../../../src/profiles/paths";

test("ATOA_HOME wins over HOME, with blanks, unicode and relative paths", () => {
  expect(statePaths({ ATOA_HOME: "/srv/my ünï home", HOME: "/home/a" })).toEqual({
    home: "/srv/my ünï home",
    folder: "/srv/my ünï home/.config/atoa",
    config: "/srv/my ünï home/.config/atoa/config.json",
    secrets: "/srv/my ünï home/.config/atoa/secrets.json",
    journal: "/srv/my ünï home/.config/atoa/journal.json",
    lock: "/srv/my ünï home/.config/atoa/secrets.json.lock",
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
  for (const HOME of ["", undefined]) expect(statePaths({ HOME }).folder).toMatch(/^\/.*\.config\/atoa$/);
});

test.skipIf(process.platform === "win32")("a printed path is taken by a shell as it is", () => {
  for (const path of ["/home/a/.config/atoa/secrets.json", "/my home/it's/ü $(x) `y`/f"]) {
    expect(execFileSync("sh", ["-c", `printf %s ${shellPath(path)}`], { encoding: "utf8" })).toBe(path);
  }
  expect(shellPath(join("/home", "a"))).toBe("/home/a");
});
