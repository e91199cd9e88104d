import { badRequest } from "../emulator-error";

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a time such as `30m`, `1h30m`, `2d`, `500ms`.
 * @returns milliseconds
 * @throws EmulatorError bad-request for anything else
 */
export function durationOf(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text)
    throw badRequest(`'${text.slice(0, 40)}' is not a duration; use 30m, 1h30m, 2d or 500ms`);
  return parts.reduce((sum, [, count = "0", unit = "ms"]) => sum + Number(count) * (units[unit] ?? 0), 0);
}
