import type { Delivery, LoggedRequest, OperationUse } from "../emulator/index";
import { escapeInvisible } from "../text";

/** What `emulator start` says of each request and delivery: one line, and nothing in it that a terminal would obey. */

/** `12:01:07 POST /api/refund 200 4ms key=night-1 replayed` */
export function requestLine({ at, method, path, status, ms, idempotencyKey, replayed }: LoggedRequest): string {
  const parts = [time(at), method, path, status ?? "no response", `${ms ?? 0}ms`];
  if (idempotencyKey !== null) parts.push(`key=${idempotencyKey.slice(0, 64)}`);
  if (replayed) parts.push("replayed");
  return escapeInvisible(parts.join(" "));
}

/** `12:01:07 → REFUND_STATUS http://localhost:3000/ 500 3ms, again at 12:01:37` */
export function deliveryLine({ event, url, attempts, state, dueAt }: Delivery): string {
  const last = attempts.at(-1);
  const outcome = last?.status ?? last?.error ?? "waiting";
  const next = dueAt === null ? (state === "GIVEN_UP" ? ", given up" : "") : `, again at ${time(dueAt)}`;
  return escapeInvisible(`${time(last?.at ?? 0)} → ${event} ${url} ${outcome} ${last?.ms ?? 0}ms${next}`);
}

/** What `emulator exec --operations` says at the end: each operation that was called, and the names of the others. */
export function operationLines(operations: readonly OperationUse[]): string[] {
  const used = operations.filter(({ calls }) => calls > 0);
  const unused = operations.filter(({ calls }) => calls === 0).map(({ operationId }) => operationId);
  const lines = used.map(({ operationId, method, path, statuses }) => {
    const counts = Object.entries(statuses).map(([status, count]) => `${status}×${count}`);
    return `  ${operationId} (${method} ${path}): ${counts.join(", ")}`;
  });
  const never = unused.length === 0 ? [] : [`Never called: ${unused.join(", ")}`];
  return [`API operations called: ${used.length} of ${operations.length}`, ...lines, ...never];
}

function time(at: string | number): string {
  return new Date(at).toISOString().slice(11, 19);
}
