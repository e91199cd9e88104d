import { html } from "hono/html";
import { choices } from "../choices";
import type { Business } from "../state/business";
import { institutions } from "../state/institutions";
import { paidAmount } from "../state/money";
import type { Payment } from "../state/records";
import { type Html, type Page, pageHtml } from "./layout";

/** The hosted payment page, in the state that its payment is in. */
export function paymentPage(
  {
    business,
    payment,
    returnTo,
    now,
  }: { business: Business; payment: Payment; returnTo: URL | undefined; now: number },
  problem?: string,
): Html {
  const page = (title: string, content: Html, refresh?: number): Html => {
    const shown: Page = { title, shop: business.name, environment: business.environment, content };
    return pageHtml(refresh === undefined ? shown : { ...shown, refresh });
  };
  const note = problem === undefined ? "" : html`<p class="note" role="alert">${problem}</p>`;
  switch (payment.status) {
    case "PAYMENT_NOT_INITIATED":
      return page("Pay", html`${note}${facts(payment, "Pay")}${chooser(payment)}`);
    case "AWAITING_AUTHORIZATION":
      return page(
        "Confirm your payment",
        html`${note}${facts(payment, "Confirm your payment")}${confirmation(payment)}`,
      );
    case "FAILED": {
      const failed = html`<p class="note" role="alert">${payment.attempt?.failure ?? "The payment did not go through"}. Nothing was taken.</p>`;
      const again = payment.allowRetry && (payment.expiresAt ?? 0) > now;
      return page(
        "Payment failed",
        html`${failed}${facts(payment, "Payment failed")}${again ? chooser(payment) : ""}${back(returnTo, again)}`,
      );
    }
    case "PENDING":
      return page(
        "One moment",
        html`${facts(payment, "Waiting for the bank")}<p role="status">This page refreshes by itself.</p>`,
        5,
      );
    default:
      return page(ends[payment.status], html`${facts(payment, ends[payment.status])}${back(returnTo)}`);
  }
}

const ends = {
  COMPLETED: "Payment complete",
  AUTHORIZED: "Payment authorised",
  CANCELLED: "This payment was cancelled",
  EXPIRED: "This payment request has expired",
} as const;

/** A page that says why there is nothing to pay. */
export function problemPage(title: string, text: string): Html {
  return pageHtml({ title, shop: "Atoa", environment: "local", content: html`<h1>${title}</h1><p>${text}</p>` });
}

function facts(payment: Payment, title: string): Html {
  const tip = payment.attempt?.tip ?? 0;
  return html`<h1>${title}</h1>
<p class="amount">${money(paidAmount(payment), payment.currency)}</p>
<p class="facts">Order ${payment.orderId}${payment.notes === null ? "" : html`<br>${payment.notes}`}${tip === 0 ? "" : html`<br>with a tip of ${money(tip, payment.currency)}`}</p>`;
}

function chooser(payment: Payment): Html {
  if (payment.amount > choices.hostedPageMost) {
    return html`<p class="note" role="alert">Payments of up to ${money(choices.hostedPageMost, payment.currency)} can be made here.</p>`;
  }
  const banks = institutions.filter((bank) => bank.enabled && bank.limit * 100 >= payment.amount);
  const preset = payment.institutionId ?? banks[0]?.id;
  const byCard = payment.methods.includes("CARD");
  const byBank = payment.methods.includes("PAY_BY_BANK");
  return html`<form method="post">
${byBank ? html`<fieldset><legend>Pay by bank</legend>${banks.map((bank) => choice(`bank:${bank.id}`, bank.name, bank.id === preset, `/banks/${bank.id}.svg`))}</fieldset>` : ""}
${byCard ? html`<fieldset><legend>Pay by card</legend>${choice("card:4242", "Test card", !byBank, undefined, "•••• 4242")}${choice("card:0002", "Declined test card", false, undefined, "•••• 0002")}</fieldset>` : ""}
${payment.enableTips ? html`<fieldset><legend><label for="tip">Add a tip</label></legend><select id="tip" name="tip"><option value="0">No tip</option>${choices.tipsOffered.map((tip) => html`<option value="${tip}">${money(tip, payment.currency)}</option>`)}</select></fieldset>` : ""}
<button name="action" value="choose">Continue</button>
</form>`;
}

/** £1,234.50 */
export function money(amount: number, currency: string): string {
  return new Intl.NumberFormat("en-GB", { style: "currency", currency }).format(amount / 100);
}

function choice(value: string, label: string, checked: boolean, icon?: string, detail?: string): Html {
  return html`<label class="choice"><input type="radio" name="with" value="${value}"${checked ? " checked" : ""} required>${icon === undefined ? "" : html`<img src="${icon}" alt="">`}<span>${label}</span>${detail === undefined ? "" : html`<small>${detail}</small>`}</label>`;
}

function confirmation(payment: Payment): Html {
  const bank = institutions.find(({ id }) => id === payment.attempt?.institutionId)?.name;
  const where = payment.attempt?.method === "CARD" ? "Your card's bank asks" : `${bank ?? "Your bank"} asks`;
  return html`<p>${where} you to approve this payment. Try both outcomes.</p>
<form method="post">
<button name="action" value="approve">Approve</button>
<button name="action" value="decline" class="bad">Decline</button>
<button name="action" value="cancel" class="second">Cancel and go back</button>
</form>`;
}

function back(returnTo: URL | undefined, second = false): Html | "" {
  if (returnTo === undefined) return "";
  return html`<a class="button${second ? " second" : ""}" href="${returnTo.href}">Back to the shop</a>`;
}
