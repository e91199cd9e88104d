import { Hono } from "hono";
import { type Gate, letIn } from "../control/gate";
import { badRequest, EmulatorError } from "../emulator-error";
import type { Controls } from "../handle";
import { type Bindings, incomingOf, statusOf } from "../http/exchange";
import type { Emulation } from "../state/emulation";
import { pageHeaders } from "./layout";
import { type Overview, overviewPage } from "./overview-page";
import { problemPage } from "./payment-page";

/** As many rows of each kind as a person looks at. */
const rows = 15;

/**
 * The page at /, for the person who rehearses. It shows tokens and plays the payer, so it stands behind the same gate as the control
 * API. A program that asks gets JSON, with nothing in it to keep from anybody.
 */
export function overviewRoutes(
  { emulation, controls, tokens }: { emulation: Emulation; controls: Controls; tokens: Overview["tokens"] },
  gate: Gate,
): Hono<Bindings> {
  const app = new Hono<Bindings>();
  app.onError((error, c) => {
    if (!(error instanceof EmulatorError)) throw error;
    if (error.kind === "unauthorized") c.header("www-authenticate", 'Basic realm="atoa emulator"');
    return c.html(problemPage("That did not work", `${error.message}.`), statusOf(error), pageHeaders());
  });
  const overview = (): Overview => ({
    businessName: emulation.nameOf(emulation.merchantId),
    tokens,
    now: controls.now(),
    frozen: emulation.clock.frozen,
    payments: controls.payments({ limit: rows }),
    refunds: emulation
      .all()
      .flatMap(({ refunds }) => [...refunds.values()])
      .sort((a, b) => b.createdAt - a.createdAt)
      .slice(0, rows),
    deliveries: controls.deliveries().slice(-rows).reverse(),
    requests: controls.requests().slice(-rows).reverse(),
    operations: controls.operations(),
    faults: controls.faults(),
  });

  app.get("/", (c) => {
    if (!(c.req.header("accept") ?? "").includes("text/html"))
      return c.json({
        name: "atoa emulator",
        control: "/__emulator",
        openapi: "/openapi.json",
        now: new Date(controls.now()).toISOString(),
      });
    letIn(gate, incomingOf(c));
    return c.html(overviewPage(overview()), 200, pageHeaders());
  });

  app.post("/", async (c) => {
    const incoming = incomingOf(c);
    letIn(gate, incoming);
    const form = new URLSearchParams(await incoming.body());
    try {
      return c.redirect(act(controls, form), 303);
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      return c.html(overviewPage(overview(), `${error.message}.`), statusOf(error), pageHeaders());
    }
  });
  return app;
}

/** Does what a button says. @returns where on the page its effect is seen */
function act(controls: Controls, form: URLSearchParams): string {
  const id = form.get("id") ?? "";
  const action = form.get("action");
  switch (action) {
    case "approve":
    case "decline":
    case "cancel":
      controls[action](id);
      return "/#payments";
    case "approve-slowly":
      controls.approve(id, { settle: "later" });
      return "/#payments";
    case "resend":
      controls.resend(id);
      return "/#deliveries";
    case "clear-faults":
      controls.clearFaults();
      return "/#faults";
    case "advance":
      controls.advance((form.get("by") ?? "").trim());
      return "/#clock";
    default:
      throw badRequest("Choose one of the buttons");
  }
}
