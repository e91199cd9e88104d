import { Hono } from "hono";
import { html } from "hono/html";
import { notFound } from "../emulator-error";
import type { Bindings } from "../http/exchange";
import type { Business } from "../state/business";
import { endConsent, linkConsent } from "../state/consent-lifecycle";
import type { Emulation } from "../state/emulation";
import type { Consent } from "../state/records";
import { formOf, showProblem } from "./forms";
import { type Html, pageHeaders, pageHtml } from "./layout";
import { consentReturn } from "./return-address";

/** The page on which the holder of a bank account lets the business read it. */
export function consentRoutes(emulation: Emulation, changed: () => void): Hono<Bindings> {
  const app = new Hono<Bindings>();
  app.onError(showProblem);
  const find = (id: string | undefined): { business: Business; record: Consent } => {
    emulation.agenda.catchUp();
    return emulation.anywhere((records) => {
      const consent = records.consents.get(records.id(id ?? ""));
      if (consent === undefined) throw notFound("Consent");
      return consent;
    });
  };

  app.get("/link-bank", (c) => {
    const { business, record } = find(c.req.query("accountAuthId"));
    // Whoever comes too late is sent on, as documented; a link that was used is no more than that.
    if (record.status !== "LINKING") return c.redirect(consentReturn(record).href, 303);
    return c.html(consentPage(business), 200, pageHeaders(consentReturn(record)));
  });

  app.post("/link-bank", async (c) => {
    const agrees = (await formOf(c)).get("action") === "agree";
    const { business, record } = find(c.req.query("accountAuthId"));
    if (record.status === "LINKING") {
      if (agrees) linkConsent(business, record);
      else endConsent(record, "REVOKED");
      changed();
    }
    return c.redirect(consentReturn(record).href, 303);
  });
  return app;
}

function consentPage(business: Business): Html {
  return pageHtml({
    title: "Share your account",
    shop: business.name,
    environment: business.environment,
    content: html`<h1>Share your account</h1>
<p>${business.name} asks to see the name, the balance and the transactions of your accounts for 90 days. It cannot move money.</p>
<form method="post">
<button name="action" value="agree">Agree</button>
<button name="action" value="refuse" class="bad">Do not share</button>
</form>`,
  });
}
