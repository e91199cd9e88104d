import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** What tests need of a machine beyond Node. The one place that decides to leave a test out. */

interface Thing {
  readonly here: () => boolean;
  /** Where it comes from. */
  readonly get: string;
}

const succeeds = (command: string, ...argv: string[]) => spawnSync(command, argv, { stdio: "ignore" }).status === 0;

const things: Readonly<Record<string, Thing>> = {
  Linux: { here: () => process.platform === "linux", get: "Linux" },
  "a pseudo-terminal": { here: () => succeeds("python3", "-c", "import pty, termios"), get: "python3" },
  "network namespaces": { here: () => succeeds("unshare", "--net", "--mount", "true"), get: "Linux, as root" },
  "an address beside loopback": {
    here: () =>
      Object.values(networkInterfaces()).some((all) =>
        all?.some(({ family, internal }) => family === "IPv4" && !internal),
      ),
    get: "a network",
  },
  "mounted file systems": { here: canMount, get: "Linux, as root" },
  "the rights of root": { here: () => process.geteuid?.() === 0, get: "sudo" },
  chromium: { here: () => chromiumPath() !== undefined, get: "the package chromium" },
};

/** The browser to drive, or undefined. */
export function chromiumPath(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return names.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path));
}

const known = new Map<string, boolean>();

/**
 * True when all of it is here: things of the list above, else programs on the PATH. Where something is missing its tests
 * are left out and the reason is printed; on a Linux CI, where .ci/run installs everything, that is a failure.
 */
export function needs(...what: string[]): boolean {
  const missing = what.filter((name) => !isHere(name));
  if (missing.length === 0) return true;
  const [first = ""] = missing;
  const from = things[first]?.get ?? `the package ${first}`;
  const reason = `tests are left out: they need ${missing.join(", ")} (${from})`;
  if (process.env.CI === "true" && process.platform === "linux") throw new Error(reason);
  process.stderr.write(`${reason}\n`);
  return false;
}

function isHere(name: string): boolean {
  const here = known.get(name) ?? things[name]?.here() ?? isProgram(name);
  known.set(name, here);
  return here;
}

function isProgram(name: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"];
  return process.platform !== "win32" && folders.some((folder) => existsSync(join(folder, name)));
}

function canMount(): boolean {
  if (process.platform !== "linux") return false;
  const folder = mkdtempSync(join(tmpdir(), "atoa-mount-"));
  const mounted = succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
  if (mounted) succeeds("umount", folder);
  rmdirSync(folder);
  return mounted;
}
