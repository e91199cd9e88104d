/** A real Secret Service for a test file, the bundled child program, and buses that misbehave. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { needs } from "../needs";

const root = resolve(import.meta.dirname, "../..");

/** Whether a Secret Service can be started for the tests. */
export const hasSecretService = needs("Linux", "dbus-run-session", "dbus-send", "gnome-keyring-daemon", "secret-tool");

export interface SecretService {
  /** Variables of the session, and nothing of the caller's but PATH. */
  readonly environment: NodeJS.ProcessEnv;
  readonly daemon: number;
  /** The stored secret of an account, as another program sees it; undefined when there is none. */
  lookup(account: string): string | undefined;
  /** Puts what another run stored back to what it was: one account and its secret, or nothing at all. */
  holdOnly(account?: string, secret?: string): void;
  /** Locks the keyring; with no display nobody can be asked for its password. */
  lock(): void;
  close(): Promise<void>;
}

export async function startSecretService(): Promise<SecretService> {
  const script = join(root, "test/with-secret-service.sh");
  const session = spawn(script, ["sh", "-c", "env -0; printf 'END\\0'; cat >/dev/null"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const environment = await variablesOf(session);
  const daemon = Number(environment.SECRET_SERVICE_PID);
  const run = (program: string, args: readonly string[], input = "") =>
    spawnSync(program, args, { env: environment, encoding: "utf8", input });
  return {
    environment,
    daemon,
    lookup(account) {
      const found = run("secret-tool", ["lookup", "service", "atoa-cli", "account", account]);
      return found.status === 0 ? found.stdout : undefined;
    },
    holdOnly(account, secret) {
      run("secret-tool", ["clear", "service", "atoa-cli"]);
      if (account === undefined) return;
      run(
        "secret-tool",
        [
          "store",
          "--label=test",
          "xdg:schema",
          "org.freedesktop.Secret.Generic",
          "service",
          "atoa-cli",
          "account",
          account,
        ],
        secret,
      );
    },
    lock() {
      const collection = "array:objpath:/org/freedesktop/secrets/collection/login";
      const to = ["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"];
      const done = run("dbus-send", [...to, "org.freedesktop.Secret.Service.Lock", collection]);
      if (done.status !== 0) throw new Error(`could not lock: ${done.stderr}`);
    },
    async close() {
      const ended = new Promise((resolve) => session.once("close", resolve));
      session.stdin?.end();
      await ended;
    },
  };
}

async function variablesOf(session: ChildProcess): Promise<NodeJS.ProcessEnv> {
  let text = "";
  for await (const part of session.stdout ?? []) {
    text += String(part);
    if (text.endsWith("END\0")) break;
  }
  const pairs = text.split("\0").filter((line) => line.includes("="));
  const all = Object.fromEntries(
    pairs.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  if (!all.DBUS_SESSION_BUS_ADDRESS) throw new Error("no Secret Service session came up");
  const { PATH, HOME, XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS, SECRET_SERVICE_PID } = all;
  return { PATH, HOME, XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS, SECRET_SERVICE_PID };
}

/** A session bus on which nobody offers a Secret Service. */
export function busWithoutProvider(): { address: string; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), "atoa-bus-"));
  const config = join(folder, "bus.conf");
  const open = '<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>';
  const policy = `<policy context="default">${open}</policy>`;
  writeFileSync(
    config,
    `<busconfig><type>session</type><listen>unix:path=${folder}/socket</listen><auth>EXTERNAL</auth>${policy}</busconfig>`,
  );
  const pid = execFileSync("dbus-daemon", ["--config-file", config, "--fork", "--print-pid"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return {
    address: `unix:path=${folder}/socket`,
    close() {
      process.kill(Number(pid));
      rmSync(folder, { recursive: true });
    },
  };
}

/** A bus that takes connections and never says a word. */
export async function muteBus(): Promise<{ address: string; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "atoa-bus-"));
  const server = createServer(() => {});
  await new Promise<void>((ready) => server.listen(join(folder, "socket"), ready));
  return {
    address: `unix:path=${folder}/socket`,
    close() {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export interface ChildPrograms {
  /** As it is shipped: finds the native module. */
  readonly working: string;
  /** In a place from which the native module cannot be found. */
  readonly withoutModule: string;
  /** Finds a native module that needs a library that no machine has. */
  readonly withoutLibrary: string;
  remove(): void;
}

export function bundleChild(): ChildPrograms {
  const inside = mkdtempSync(join(root, "node_modules/.atoa-keychain-"));
  const outside = mkdtempSync(join(tmpdir(), "atoa-keychain-"));
  // Where it lies in a package: the module is looked for in that package, and beside it.
  const build = (folder: string): string => {
    const outfile = join(folder, "dist/credentials/keychain-child.cjs");
    const entryPoints = [join(root, "src/credentials/keychain-child.ts")];
    buildSync({
      entryPoints,
      outfile,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      external: ["keytar"],
    });
    return outfile;
  };
  const crippled = join(outside, "crippled");
  mkdirSync(join(crippled, "node_modules"), { recursive: true });
  cpSync(join(root, "node_modules/keytar"), join(crippled, "node_modules/keytar"), {
    recursive: true,
    dereference: true,
  });
  for (const file of nativeModules(join(crippled, "node_modules/keytar"))) {
    writeFileSync(
      file,
      Buffer.from(readFileSync(file).toString("latin1").replaceAll("libsecret-1.so.0", "libsecret-X.so.0"), "latin1"),
    );
  }
  return {
    working: build(inside),
    withoutModule: build(join(outside)),
    withoutLibrary: build(crippled),
    remove() {
      for (const folder of [inside, outside]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function nativeModules(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries.filter((name) => name.endsWith(".node")).map((name) => join(folder, name));
}
