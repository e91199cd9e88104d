import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bareEnvironment, execute, type Outcome, type RunOptions, root, temporaryFolder } from "../e2e/program";

/**
 * The built program, installed with a native keychain module of ours: it keeps its secrets in keychain.json of the user's
 * home, writes down what it is asked, and hangs where it is told to.
 */

interface Contents {
  readonly tokens: Readonly<Record<string, string>>;
  /** Accounts whose questions are never answered: "before" nothing is done, "after" all is done but the answer. */
  readonly hangs: Readonly<Record<string, "before" | "after">>;
  readonly asked: readonly string[];
}

const module = `
  const { readFileSync, writeFileSync } = require("node:fs");
  const file = require("node:path").join(process.env.HOME, "keychain.json");
  const never = () => new Promise(() => setInterval(() => {}, 1000));
  async function ask(action, account, work) {
    const contents = JSON.parse(readFileSync(file, "utf8"));
    const hang = contents.hangs[account];
    contents.asked.push(action + " " + account);
    const answer = hang === "before" ? undefined : work(contents.tokens);
    writeFileSync(file, JSON.stringify(contents));
    if (hang !== undefined) await never();
    return answer;
  }
  exports.getPassword = (_service, account) => ask("get", account, (tokens) => tokens[account] ?? null);
  exports.setPassword = (_service, account, secret) => ask("set", account, (tokens) => void (tokens[account] = secret));
  exports.deletePassword = (_service, account) =>
    ask("delete", account, (tokens) => account in tokens && delete tokens[account]);
`;

/** Installs the built program. @returns its entry */
export function install(folder: string): string {
  for (const name of ["bin", "dist", "package.json", "oclif.manifest.json"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true, filter: (path) => !path.endsWith(".map") });
  }
  return join(folder, "bin/run.js");
}

/** Puts the keychain module of these tests where Node may look for it. @param folder one called node_modules */
export function plantModule(folder: string): void {
  mkdirSync(join(folder, "keytar"), { recursive: true });
  writeFileSync(join(folder, "keytar/package.json"), '{"name":"keytar","version":"7.0.0","main":"index.js"}');
  writeFileSync(join(folder, "keytar/index.js"), module);
}

export class FakeKeychain {
  readonly home = temporaryFolder();
  readonly #file = join(this.home, "keychain.json");

  /** @param program what `install` gave */
  constructor(
    readonly program: string,
    private readonly origin: string,
  ) {
    this.hang({});
  }

  /** What a session has in which a keychain can be reached. */
  get env(): Record<string, string> {
    const bus = "unix:path=/no/bus/is/asked";
    return { HOME: this.home, USERPROFILE: this.home, DBUS_SESSION_BUS_ADDRESS: bus, ATOA_BASE_URL: this.origin };
  }

  run(line: string, options: RunOptions = {}): Promise<Outcome> {
    const env = { ...bareEnvironment(), ...this.env, ...options.env };
    return execute([this.program, ...line.split(" ")], { ...options, env });
  }

  /** From now on these accounts hang, and no others; what was asked before is forgotten. */
  hang(hangs: Contents["hangs"]): void {
    this.#write({ tokens: this.tokens, hangs, asked: [] });
  }

  get tokens(): Contents["tokens"] {
    return this.#read().tokens;
  }

  /** "get acme:sandbox" and so on. */
  get asked(): Contents["asked"] {
    return this.#read().asked;
  }

  #write(contents: Contents): void {
    writeFileSync(this.#file, JSON.stringify(contents));
  }

  #read(): Contents {
    try {
      return JSON.parse(readFileSync(this.#file, "utf8")) as Contents;
    } catch {
      return { tokens: {}, hangs: {}, asked: [] };
    }
  }
}
