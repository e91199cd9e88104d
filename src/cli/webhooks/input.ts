import { webhookEvents } from "../../api/values";
import { usageError } from "../../errors";
import { registerSecret } from "../../redaction";
import { matchingValue, quoted } from "../../text";
import { parseUrl } from "../../webhooks/target";
import { bodyLimit, flagBytes, flagText } from "../flag-text";

/**
 * The raw bytes of a body, from `@file` or stdin.
 * @throws AtoaError kind usage for text on the command line: a shell may have altered it
 */
export async function bodyBytes(text: string): Promise<Buffer> {
  if (text !== "-" && !text.startsWith("@")) {
    throw usageError(
      "--body must be @file or -",
      "save the raw body to a file, because a shell may alter it, and pass --body @file",
      "body",
    );
  }
  const bytes = await flagBytes(text, "body", bodyLimit);
  if (bytes.length === 0)
    throw usageError("--body is empty", "save the raw bytes of the delivery, before anything parses them", "body");
  return bytes;
}

/**
 * A secret from `@file` or stdin, without the white space around it.
 * @throws AtoaError kind usage for one on the command line, where others can see it; it is never repeated
 */
export async function secretFrom(text: string): Promise<string> {
  // Whatever was typed may be the secret itself.
  if (text !== "-" && !text.startsWith("@")) {
    registerSecret(text);
    throw usageError(
      "--secret must be @file or -: others can see the command line",
      "put it in a file and pass --secret @file, or store it with `atoa webhooks secret --stdin`",
      "secret",
    );
  }
  const secret = (await flagText(text, "secret")).trim();
  if (secret === "") throw usageError("--secret is empty", "check the file, or the variable behind it", "secret");
  registerSecret(secret);
  return secret;
}

/**
 * A time span such as 500ms, 30s, 10m, 2h, 7d, in milliseconds; a number without a unit is seconds.
 * @throws AtoaError kind usage
 */
export function parseSpan(text: string, flag: string): number {
  const match = /^(\d{1,9})(ms|s|m|h|d)?$/.exec(text.trim());
  const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
  const span = match === null ? 0 : Number(match[1]) * units[(match[2] ?? "s") as keyof typeof units];
  if (span > 0 && span <= 7 * units.d) return span;
  throw usageError(
    `--${flag} must be a duration of at most 7 days`,
    `for example: --${flag} 60s or --${flag} 10m`,
    flag,
  );
}

/** Events in the API's spelling. @throws AtoaError kind usage for others */
export function parseEvents(list: string | undefined): readonly string[] | undefined {
  const names = entries(list);
  return names?.map((name) => {
    const event = matchingValue(webhookEvents, name);
    if (event !== undefined) return event;
    throw usageError(
      `--event: unknown event ${quoted(name)}`,
      `use one or more of ${webhookEvents.join(", ")}`,
      "event",
    );
  });
}

/** The address at which the outside world reaches this machine. @throws AtoaError kind usage for anything but https */
export function parsePublicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = parseUrl(text, "publicUrl");
  if (url.protocol === "https:") return url.href;
  throw usageError(
    "--publicUrl must be https",
    "pass your tunnel's URL, such as https://abc.example.com",
    "--publicUrl",
  );
}

/** The entries of a comma-separated list; undefined for none. */
export function entries(list: string | undefined): string[] | undefined {
  const names = (list ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names.length === 0 ? undefined : names;
}
