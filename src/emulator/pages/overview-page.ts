import { html } from "hono/html";
import type { Delivery, Fault, LoggedRequest, OperationUse, PaymentRecord } from "../handle";
import type { Refund } from "../state/records";
import { type Html, pageHtml } from "./layout";
import { money } from "./payment-page";

/** What the page at / shows: newest first, cut to what a person reads. */
export interface Overview {
  businessName: string;
  tokens: { sandbox: string; production: string };
  /** Milliseconds. */
  now: number;
  frozen: boolean;
  payments: readonly PaymentRecord[];
  refunds: readonly Refund[];
  deliveries: readonly Delivery[];
  requests: readonly LoggedRequest[];
  /** All there are, called or not. */
  operations: readonly OperationUse[];
  faults: readonly (Fault & { id: number; hits: number })[];
}

/** @param problem why the last button did nothing */
export function overviewPage(overview: Overview, problem?: string): Html {
  const { businessName, now, frozen, tokens, operations } = overview;
  const called = operations.filter(({ calls }) => calls > 0);
  const never = operations.filter(({ calls }) => calls === 0).map(({ operationId }) => operationId);
  return pageHtml({
    title: "Emulator",
    shop: businessName,
    environment: "local",
    wide: true,
    content: html`${problem === undefined ? "" : html`<p class="note" role="alert">${problem}</p>`}
<h1>Emulator</h1>
<nav><a href="/">Refresh</a> <a href="#payments">Payments</a> <a href="#refunds">Refunds</a> <a href="#deliveries">Deliveries</a> <a href="#requests">Requests</a> <a href="#operations">Operations</a> <a href="#faults">Faults</a> <a href="#tokens">Tokens</a></nav>
<section id="clock"><h2>Clock</h2>
<p>${time(now)} UTC${frozen ? ", stopped" : ""}</p>
<form method="post" action="/" class="row"><label for="by">Advance by</label><input id="by" name="by" value="30m" required><button name="action" value="advance">Advance</button></form></section>
${section("payments", "Payments", ["Created", "Order", "Amount", "Status", "Id", ""], overview.payments.map(paymentRow))}
${section("refunds", "Refunds", ["Created", "Amount", "Status", "Notes", "Id", "Payment"], overview.refunds.map(refundRow))}
${section("deliveries", "Webhook deliveries", ["Created", "Event", "Target", "Result", "Next attempt", "Body", ""], overview.deliveries.map(deliveryRow))}
${section("requests", "Requests", ["Time", "Method", "Path", "Status", "ms", "Idempotency key"], overview.requests.map(requestRow))}
${section("operations", `Operations called: ${called.length} of ${operations.length}`, ["Operation", "Method", "Path", "Calls", "Responses"], called.map(operationRow))}
<details><summary>Never called</summary><p>${never.join(", ")}</p></details>
${section("faults", "Faults", ["Method", "Path", "Kind", "Hits"], overview.faults.map(faultRow))}
${overview.faults.length === 0 ? "" : buttons("", [["clear-faults", "Clear all faults", "second"]])}
${section("tokens", "Tokens", ["Environment", "Token"], Object.entries(tokens))}`,
  });
}

type Cell = Html | string;

/** A table with the name of its column beside each cell, for screens too narrow for columns. */
function section(id: string, title: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  if (rows.length === 0) return html`<section id="${id}"><h2>${title}</h2><p class="none">None.</p></section>`;
  const head = columns.map((name) => html`<th scope="col">${name}</th>`);
  const line = (cells: readonly Cell[]): Html =>
    html`<tr>${cells.map((cell, index) => html`<td data-name="${columns[index] ?? ""}">${cell}</td>`)}</tr>`;
  return html`<section id="${id}"><h2>${title}</h2><table><thead><tr>${head}</tr></thead><tbody>${rows.map(line)}</tbody></table></section>`;
}

function paymentRow({ id, orderId, amount, currency, status, createdAt, environment }: PaymentRecord): Cell[] {
  const open = status === "PAYMENT_NOT_INITIATED" || status === "AWAITING_AUTHORIZATION";
  const where = environment === "production" ? html`<br><small>production</small>` : "";
  return [
    time(createdAt),
    html`<span>${orderId}${where}</span>`,
    money(amount, currency),
    state(status),
    html`<a href="/pay/${encodeURIComponent(id)}"><code>${id}</code></a>`,
    open
      ? buttons(id, [
          ["approve", "Approve", ""],
          ["approve-slowly", "Approve slowly", "second"],
          ["decline", "Decline", "bad"],
          ["cancel", "Cancel", "second"],
        ])
      : "",
  ];
}

function refundRow({ id, paymentId, amount, status, notes, createdAt }: Refund): Cell[] {
  return [
    time(createdAt),
    money(amount, "GBP"),
    state(status),
    notes ?? "",
    html`<code>${id}</code>`,
    html`<code>${paymentId}</code>`,
  ];
}

function deliveryRow(delivery: Delivery): Cell[] {
  const { attempts, dueAt, createdAt } = delivery;
  const last = attempts.at(-1);
  const heard = last === undefined ? "" : `: ${last.status ?? last.error ?? "no response"}`;
  const tries = `${attempts.length} ${attempts.length === 1 ? "attempt" : "attempts"}${heard}`;
  return [
    time(createdAt),
    state(delivery.event),
    delivery.url,
    html`<span>${state(delivery.state)}<br><small>${tries}</small></span>`,
    dueAt === null ? "" : time(dueAt),
    html`<details><summary>Show</summary><pre>${readable(delivery.body)}</pre><pre>${attempts.map(attemptLine).join("\n")}</pre></details>`,
    buttons(delivery.id, [["resend", "Resend", "second"]]),
  ];
}

/** 2026-02-10 09:00:00 500 12 ms, with what the receiver answered last. */
function attemptLine({ at, status, error, ms, response }: Delivery["attempts"][number]): string {
  return `${time(Date.parse(at))} ${status ?? error ?? "no answer"} ${ms} ms${response === undefined ? "" : `\n${response}`}`;
}

function requestRow({ at, method, path, status, replayed, ms, idempotencyKey }: LoggedRequest): Cell[] {
  return [
    time(Date.parse(at)),
    method,
    path,
    `${status ?? "no response"}${replayed ? ", replayed" : ""}`,
    ms === null ? "" : String(Math.round(ms)),
    idempotencyKey ?? "",
  ];
}

function operationRow({ operationId, method, path, calls, statuses }: OperationUse): Cell[] {
  const responses = Object.entries(statuses).map(([status, count]) => `${status}×${count}`);
  return [operationId, method, path, String(calls), responses.join(", ")];
}

function faultRow({ method, path, kind, status, latency, times, hits }: Fault & { hits: number }): Cell[] {
  const detail = kind === "status" ? ` ${status ?? ""}` : latency === undefined ? "" : ` ${latency} ms`;
  return [method, path, `${kind}${detail}`, times === undefined ? String(hits) : `${hits} of ${times}`];
}

function buttons(id: string, actions: readonly (readonly [action: string, label: string, look: string])[]): Html {
  const all = actions.map(
    ([action, label, look]) => html`<button name="action" value="${action}" class="${look}">${label}</button>`,
  );
  return html`<form method="post" action="/" class="row"><input type="hidden" name="id" value="${id}">${all}</form>`;
}

const good: readonly string[] = ["COMPLETED", "AUTHORIZED", "DELIVERED"];
const bad: readonly string[] = ["FAILED", "CANCELLED", "EXPIRED", "GIVEN_UP", "NOT_SENT"];

function state(status: string): Html {
  const look = good.includes(status) ? "good" : bad.includes(status) ? "bad" : "";
  return html`<span class="state ${look}">${status}</span>`;
}

/** 2026-02-10 09:00:00 */
function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
