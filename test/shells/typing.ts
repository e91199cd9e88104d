import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Real shells in a pseudo-terminal (tmux), with real keys. What a shell makes of a line is what it passes to the program. */

export const root = resolve(import.meta.dirname, "../..");

/** Profiles whose names a hand-edited config may hold: nothing that a shell takes for its own. */
export const hostile = "zz;touch pwned $(touch pwned) `touch pwned` 'q\" é";
const profiles = {
  acme: {
    displayName: "Acme Ltd",
    envs: { sandbox: { sdkAccessId: "sda_box" }, production: { sdkAccessId: "sda_prod" } },
  },
  ci: { displayName: "Runner" },
  café: { displayName: "Café" },
  [hostile]: { displayName: "Tricky: one, two" },
};

export type Key = "Tab" | "Enter" | "Left" | "C-c" | "C-u";

export class Typing {
  readonly home: string;
  readonly #socket: string;
  readonly #calls: string;
  readonly #arguments: string;

  /**
   * Starts a shell whose `atoa` answers completion for real and otherwise only notes its arguments.
   * @param command the shell with its options
   * @param startup lines typed first, when the prompt is there
   */
  static async open(command: string, startup: readonly string[]): Promise<Typing> {
    const typing = new Typing();
    typing.#start(command);
    await typing.#quiet();
    for (const line of [...startup, "clear"]) await typing.type(line, "Enter");
    await typing.#quiet();
    return typing;
  }

  private constructor() {
    this.home = mkdtempSync(join(tmpdir(), "atoa-shell-"));
    this.#socket = `atoa-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
    this.#calls = join(this.home, "calls");
    this.#arguments = join(this.home, "arguments");
    const config = join(this.home, ".config/atoa");
    mkdirSync(config, { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ schemaVersion: 1, activeProfile: "acme", profiles });
    writeFileSync(join(config, "config.json"), text, { mode: 0o600 });
    mkdirSync(join(this.home, "bin"));
    const program = join(this.home, "bin/atoa");
    writeFileSync(
      program,
      `#!/bin/sh
case "$1" in
--complete-*) "${process.execPath}" "${root}/bin/run.js" "$@"; echo >>"${this.#calls}" ;;
completion) exec "${process.execPath}" "${root}/bin/run.js" "$@" ;;
*) : >"${this.#arguments}.new"; for word; do printf '%s\\n' "$word" >>"${this.#arguments}.new"; done; mv "${this.#arguments}.new" "${this.#arguments}" ;;
esac
`,
    );
    chmodSync(program, 0o755);
  }

  #start(command: string): void {
    const path = `${join(this.home, "bin")}:${process.env.PATH}`;
    const environment = [
      `HOME=${this.home}`,
      `ZDOTDIR=${this.home}`,
      `PATH=${path}`,
      "TERM=xterm-256color",
      "LC_ALL=C.UTF-8",
      "LANG=C.UTF-8",
      "PS1=% ",
      "HISTFILE=/dev/null",
    ];
    const words = ["env", "-i", ...environment, ...command.split(" ")];
    this.#tmux("-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "50", "-c", this.home, ...words);
  }

  #tmux(...words: string[]): string {
    const { PATH, HOME } = process.env;
    return execFileSync("tmux", ["-u", "-L", this.#socket, ...words], {
      encoding: "utf8",
      env: { PATH, HOME, LC_ALL: "C.UTF-8" },
      stdio: ["ignore", "pipe", "ignore"],
    });
  }

  /** Types text (no newline in it) and then keys. After a TAB it waits until the shell has done what it does. */
  async type(text: string, ...keys: readonly Key[]): Promise<void> {
    if (text !== "") this.#tmux("send-keys", "-l", text);
    for (const [index, key] of keys.entries()) {
      const calls = this.#callCount();
      this.#tmux("send-keys", key);
      if (key !== "Tab") continue;
      // A second TAB need not ask again: the shell may still have the list.
      await until(() => this.#callCount() > calls, keys[index - 1] === "Tab" ? 300 : 5000);
      await this.#quiet();
    }
  }

  screen(): string {
    return this.#tmux("capture-pane", "-p", "-J").trimEnd();
  }

  /** Presses Enter and says which arguments the program got. */
  async enter(): Promise<readonly string[]> {
    rmSync(this.#arguments, { force: true });
    this.#tmux("send-keys", "Enter");
    await until(() => existsSync(this.#arguments), 5000);
    const text = existsSync(this.#arguments)
      ? readFileSync(this.#arguments, "utf8")
      : `nothing ran:\n${this.screen()}\n`;
    await this.type("clear", "Enter");
    return text.split("\n").slice(0, -1);
  }

  /** What the list of candidates shows; afterwards the line is empty again. */
  async list(text: string): Promise<string> {
    await this.type(text, "Tab", "Tab");
    const shown = this.screen();
    await this.type("", "C-c");
    await this.type("clear", "Enter");
    await this.#quiet();
    return shown;
  }

  close(): void {
    try {
      this.#tmux("kill-server");
    } catch {
      // It is gone already.
    }
    rmSync(this.home, { recursive: true, force: true });
  }

  #callCount(): number {
    return existsSync(this.#calls) ? readFileSync(this.#calls, "utf8").length : 0;
  }

  /** Waits until the screen has not changed for a while. */
  async #quiet(): Promise<void> {
    let before = "";
    for (let same = 0, round = 0; same < 3 && round < 100; round++) {
      await pause(50);
      const now = this.screen();
      same = now === before ? same + 1 : 0;
      before = now;
    }
  }
}

/** Waits for a condition; when it does not come, the assertion that follows says what is wrong. */
async function until(condition: () => boolean, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (!condition() && Date.now() < end) await pause(20);
}
