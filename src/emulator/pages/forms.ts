import type { Context } from "hono";
import { EmulatorError } from "../emulator-error";
import { type Bindings, incomingOf, statusOf } from "../http/exchange";
import { sameOrigin } from "../http/host";
import { pageHeaders } from "./layout";
import { problemPage } from "./payment-page";

/** What a form of these pages holds. @throws EmulatorError forbidden for one that another site has sent */
export async function formOf(c: Context<Bindings>): Promise<URLSearchParams> {
  const incoming = incomingOf(c);
  if (!sameOrigin(incoming.headers.origin, incoming.headers.host))
    throw new EmulatorError("forbidden", "This form was submitted from another site");
  return new URLSearchParams(await incoming.body());
}

/** A refusal as a page; anything else is thrown on. */
export function showProblem(error: Error, c: Context<Bindings>): Response | Promise<Response> {
  if (!(error instanceof EmulatorError)) throw error;
  return c.html(problemPage("Something went wrong", `${error.message}.`), statusOf(error), pageHeaders());
}
