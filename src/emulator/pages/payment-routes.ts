import { Hono } from "hono";
import { choices } from "../choices";
import { badRequest, EmulatorError } from "../emulator-error";
import { type Bindings, statusOf } from "../http/exchange";
import type { Business } from "../state/business";
import type { Emulation } from "../state/emulation";
import { institutions } from "../state/institutions";
import type { Keys } from "../state/keys";
import { playPayer } from "../state/payer";
import type { Payment } from "../state/records";
import { formOf, showProblem } from "./forms";
import { pageHeaders } from "./layout";
import { paymentPage } from "./payment-page";
import { paymentReturn } from "./return-address";

/** The pages a payer sees. Who knows the id may pay: that is how payment links work. */
export function paymentRoutes(emulation: Emulation, changed: () => void): Hono<Bindings> {
  const app = new Hono<Bindings>();
  app.onError(showProblem);
  const find = (id: string): { business: Business; record: Payment } => {
    emulation.agenda.catchUp();
    return emulation.anywhere((records) => records.payment(id));
  };

  const shownFor = ({ business, record }: { business: Business; record: Payment }) => ({
    business,
    payment: record,
    returnTo: paymentReturn(emulation.keys, record),
    now: emulation.clock.now(),
  });

  app.get("/pay/:id", (c) => {
    const shown = shownFor(find(c.req.param("id")));
    return c.html(paymentPage(shown), 200, pageHeaders(shown.returnTo));
  });

  app.post("/pay/:id", async (c) => {
    const form = await formOf(c);
    const { business, record } = find(c.req.param("id"));
    try {
      const leaves = act(emulation.keys, business, record, form);
      changed();
      return c.redirect(leaves?.href ?? c.req.path, 303);
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      const shown = shownFor({ business, record });
      return c.html(paymentPage(shown, `${error.message}.`), statusOf(error), pageHeaders(shown.returnTo));
    }
  });

  app.get("/pay/:id/qr.svg", async (c) => {
    const { record } = find(c.req.param("id"));
    const { qrSvg } = await import("./qr");
    return c.body(await qrSvg(addressOf(c.req.header("host"), record)), 200, {
      "content-type": "image/svg+xml",
    });
  });
  app.get("/pay/:id/qr.png", async (c) => {
    const { record } = find(c.req.param("id"));
    const { qrPng } = await import("./qr");
    return c.body(await qrPng(addressOf(c.req.header("host"), record)), 200, { "content-type": "image/png" });
  });
  // The printable templates hold the code and no more: what the real ones look like is not described.
  app.get("/pay/:id/template/:name", async (c) => {
    const { record } = find(c.req.param("id"));
    const png = c.req.param("name").endsWith("_PNG");
    const { qrPng, qrSvg } = await import("./qr");
    const address = addressOf(c.req.header("host"), record);
    return png
      ? c.body(await qrPng(address), 200, { "content-type": "image/png" })
      : c.body(await qrSvg(address), 200, { "content-type": "image/svg+xml" });
  });
  app.get("/banks/:icon{[a-z-]+\\.svg}", (c) => {
    const bank = institutions.find(({ id }) => `${id}.svg` === c.req.param("icon"));
    if (bank === undefined) throw new EmulatorError("not-found", "Bank not found");
    return c.body(bankIcon(bank.name, institutions.indexOf(bank)), 200, {
      "content-type": "image/svg+xml",
      "cache-control": "max-age=3600",
    });
  });
  return app;
}

/**
 * Does what a button says.
 * @returns where the payer goes now; undefined for back to the page
 */
function act(keys: Keys, business: Business, payment: Payment, form: URLSearchParams): URL | undefined {
  switch (form.get("action")) {
    case "choose":
      choose(business, payment, form);
      return undefined;
    case "approve":
      playPayer(business, payment, "approve");
      return paymentReturn(keys, payment);
    case "decline":
      playPayer(business, payment, "decline");
      return paymentReturn(keys, payment);
    case "cancel": {
      const returnTo = paymentReturn(keys, payment, choices.statusToldWhenPayerCancels);
      playPayer(business, payment, "cancel");
      return returnTo;
    }
    default:
      throw new EmulatorError("bad-request", "Choose one of the buttons");
  }
}

function choose(business: Business, payment: Payment, form: URLSearchParams): void {
  if (payment.amount > choices.hostedPageMost)
    throw new EmulatorError("bad-request", "This amount cannot be paid here");
  const [kind, value = ""] = (form.get("with") ?? "").split(/:(.*)/s);
  const tip = (choices.tipsOffered as readonly number[]).find((offered) => String(offered) === form.get("tip")) ?? 0;
  if (kind === "bank") {
    const bank = institutions.find(({ id, enabled }) => id === value && enabled);
    if (bank === undefined || bank.limit * 100 < payment.amount)
      throw new EmulatorError("bad-request", "Choose a bank from the list");
    playPayer(business, payment, "start", { method: "PAY_BY_BANK", institutionId: bank.id, tip });
  } else if (kind === "card") {
    if (!/^[0-9]{4}$/.test(value)) throw badRequest("Choose a card from the list");
    playPayer(business, payment, "start", { method: "CARD", cardDigits: value, tip });
  } else {
    throw new EmulatorError("bad-request", "Choose a bank or a card");
  }
}

function addressOf(host: string | undefined, payment: Payment): string {
  return `http://${host ?? "localhost"}/pay/${payment.id}`;
}

/** A coloured disc with the bank's first letter. */
function bankIcon(name: string, index: number): string {
  const hue = (index * 47 + 150) % 360;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="hsl(${hue} 55% 32%)"/><text x="16" y="21.5" font-family="system-ui,sans-serif" font-size="16" font-weight="700" fill="#fff" text-anchor="middle">${name.slice(0, 1)}</text></svg>`;
}
