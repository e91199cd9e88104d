import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { firstInPath } from "../../../src/cli/run-under-emulator";

const platform = Object.getOwnPropertyDescriptor(process, "platform");
afterEach(() => {
  if (platform !== undefined) Object.defineProperty(process, "platform", platform);
  vi.unstubAllEnvs();
});

test.each(["PATH", "Path"])("the folder of our own atoa comes first in %s, and there is one spelling of it", (name) => {
  expect(firstInPath({ HOME: "/h", [name]: "/usr/bin" }, "/shim")).toEqual({
    HOME: "/h",
    [name]: `/shim${delimiter}/usr/bin`,
  });
});

test("an environment without any PATH gets one", () => {
  expect(firstInPath({}, "/shim")).toEqual({ PATH: `/shim${delimiter}` });
});

test("on Windows a .cmd is started through cmd.exe, with its arguments quoted", () => {
  const folder = mkdtempSync(join(tmpdir(), "atoa-cmd-"));
  writeFileSync(join(folder, "atoa.CMD"), "@echo off\r\n");
  Object.defineProperty(process, "platform", { value: "win32" });
  vi.stubEnv("PATHEXT", ".EXE;.CMD");
  vi.stubEnv("OSTYPE", "");
  const require = createRequire(import.meta.url);
  for (const path of Object.keys(require.cache))
    if (/cross-spawn|which|isexe|path-key/.test(path)) delete require.cache[path];
  const spawn = require("cross-spawn");
  const env = firstInPath({ Path: "", PATHEXT: ".EXE;.CMD", comspec: "cmd.exe" }, folder);
  const parsed = spawn._parse("atoa", ["whoami", "a b"], { env });
  expect(parsed.command).toMatch(/cmd\.exe$/i);
  expect(parsed.args.join(" ")).toMatch(/\/d \/s \/c "atoa.* .*whoami.*a\^ b/);
  rmSync(folder, { recursive: true });
});
