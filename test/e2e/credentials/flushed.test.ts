import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { needs } from "../../needs";
import { command, program, rig, temporaryFolder } from "../program";

/** After a power cut a state file is the old one or the new one: its bytes reach the disk before its name does. */
it.runIf(needs("Linux", "strace"))("each file is flushed, then renamed, then its directory is flushed", async () => {
  const { emulator, env } = await rig();
  const log = join(temporaryFolder(), "strace");
  const traced = ["-f", "-qq", "-y", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2", "-o", log];
  const login = [process.execPath, program, "login", "--stdin", "--profile", "acme"];
  const { code, stderr } = await command("strace", [...traced, ...login], { env, stdin: emulator.tokens.sandbox });
  expect(code, stderr).toBe(0);

  const steps = readFileSync(log, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, call = "", rest = ""] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
      const file = /\.(config|secrets)\.json\.tmp-/.exec(rest)?.[1];
      if (call.startsWith("rename") && file !== undefined) return [`rename ${file}`];
      if (call.endsWith("sync") && file !== undefined) return [`flush ${file}`];
      return call === "fsync" && /\.config\/atoa>/.test(rest) ? ["flush directory"] : [];
    });
  const replaced = (file: string) => [`flush ${file}`, `rename ${file}`, "flush directory"];
  // Named, stored, in its place.
  expect(steps).toEqual([...replaced("config"), ...replaced("secrets"), ...replaced("config")]);
});
