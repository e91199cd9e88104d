import { createHash } from "node:crypto";
import { choices } from "../choices";
import { badRequest, EmulatorError } from "../emulator-error";

interface Remembered {
  fingerprint: string;
  at: number;
  status: number;
  body: string;
}

/** Answers to writes by Idempotency-Key, remembered for each access key on its own. */
export class IdempotencyMemory {
  readonly #byOwner = new Map<string, Map<string, Remembered>>();

  /** What tells two requests under one key apart. */
  static fingerprint(method: string, target: string, body: string): string {
    return createHash("sha1").update(`${method} ${target}\n${body}`).digest("base64");
  }

  /**
   * The first answer, when this very request was answered before.
   * @throws EmulatorError 422 when the key was used for another request, 400 for a key that is too long
   */
  recall(owner: string, key: string, fingerprint: string, now: number): { status: number; body: string } | undefined {
    if (key.length > 255) throw badRequest("Idempotency-Key must have at most 255 characters");
    const remembered = this.#byOwner.get(owner)?.get(key);
    if (remembered === undefined || now - remembered.at > choices.idempotencyLifetime) return undefined;
    if (remembered.fingerprint !== fingerprint) {
      const { kind, name } = choices.idempotencyConflict;
      throw new EmulatorError(kind, "This Idempotency-Key was used for another request", name);
    }
    return remembered;
  }

  remember(owner: string, key: string, answer: Remembered): void {
    let answers = this.#byOwner.get(owner);
    if (answers === undefined) {
      answers = new Map();
      this.#byOwner.set(owner, answers);
    }
    answers.delete(key);
    answers.set(key, answer);
    if (answers.size > choices.idempotencyKeysRemembered) {
      for (const oldest of answers.keys()) {
        answers.delete(oldest);
        break;
      }
    }
  }

  forget(owner: string): void {
    this.#byOwner.delete(owner);
  }

  clear(): void {
    this.#byOwner.clear();
  }

  toJSON(): unknown {
    return [...this.#byOwner].map(([owner, answers]) => [owner, [...answers]]);
  }

  restore(saved: [string, [string, Remembered][]][]): void {
    for (const [owner, answers] of saved) this.#byOwner.set(owner, new Map(answers));
  }
}
