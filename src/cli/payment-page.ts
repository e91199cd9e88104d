/** What a person does with a new payment page: scans it, opens it, waits for the payer. All of it on stderr. */
import { operations } from "../api/operations";
import type { ApiResponse } from "../api/transport";
import { AtoaError, usageError } from "../errors";
import { isRecord } from "../json";
import { log, stderrIsTerminal, wantsColour, writeStderr } from "../terminal/terminal";
import { pollStatus } from "./poll";
import type { Session } from "./session";

export interface PageFlags {
  readonly qr: boolean;
  readonly open: boolean;
  readonly wait: boolean;
}

/**
 * What happens between the response to `payments create` and its printing.
 * @returns the response to print: that of the new request, with `wait` that of its end
 * @throws AtoaError (usage) for --open without a terminal, before anything is sent: in a script nobody sees the page
 */
export function payOnPage(
  session: Session,
  flags: PageFlags,
): (send: () => Promise<ApiResponse>) => Promise<ApiResponse> {
  if (flags.open && !stderrIsTerminal()) {
    throw usageError("--open needs a terminal", "leave it out in scripts; the response has the paymentUrl", "open");
  }
  return async (send) => {
    const created = await send();
    const { id, url } = pageOf(created);
    if (url === undefined) log("warning: the response has no paymentUrl to show");
    else await show(url, flags).catch((error) => log(`warning: could not show ${url}: ${error}`));
    if (!flags.wait || id === undefined) return created;
    log(`Waiting for payment ${id}${url === undefined || flags.qr || flags.open ? "" : ` at ${url}`}`);
    return follow(session, id);
  };
}

/** Id and address of the page; nothing but http and https is ever opened. */
function pageOf({ value }: ApiResponse): { id: string | undefined; url: string | undefined } {
  const { paymentRequestId, paymentUrl } = isRecord(value) ? value : {};
  const isPage = typeof paymentUrl === "string" && /^https?:\/\//.test(paymentUrl) && URL.canParse(paymentUrl);
  return {
    id: typeof paymentRequestId === "string" ? paymentRequestId : undefined,
    url: isPage ? new URL(paymentUrl).href : undefined,
  };
}

/** @throws AtoaError that says how to go on waiting; the payment request is there in any case */
async function follow(session: Session, id: string): Promise<ApiResponse> {
  const client = await session.connect();
  const ask = () => client.call(operations.payments.status, { id, env: session.target.env.value });
  try {
    const { response, unmet } = await pollStatus(ask, (text) => session.progress(text));
    if (unmet !== undefined) throw unmet;
    return response;
  } catch (error) {
    if (!(error instanceof AtoaError) || error.kind === "interrupted") throw error;
    throw error.with({
      message: `Payment request ${id} was created, but waiting for it failed: ${error.summary}`,
      hint: `continue with \`atoa payments status ${id} --poll\``,
    });
  }
}

async function show(url: string, { qr, open }: PageFlags): Promise<void> {
  if (qr) await showQrCode(url);
  if (open) await openBrowser(url);
}

async function showQrCode(url: string): Promise<void> {
  const { default: qrcode } = await import("qrcode");
  // Black on white is what scanners expect; without colour the terminal's own two have to do.
  const code = await qrcode.toString(url, wantsColour("stderr") ? { type: "terminal", small: true } : { type: "utf8" });
  writeStderr(`${code}\n`);
  log(url);
}

async function openBrowser(url: string): Promise<void> {
  const { default: spawn } = await import("cross-spawn");
  const [command = "", ...args] = browser();
  const { ATOA_TOKEN: _, ...env } = process.env;
  const child = spawn(command, [...args, url], { detached: true, stdio: "ignore", env });
  const problem = await new Promise<string | undefined>((resolve) => {
    child.once("spawn", () => resolve(undefined));
    child.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  child.unref();
  if (problem === undefined) log(`Opened ${url}`);
  else log(`warning: could not start ${command} (${problem}) — open ${url} yourself, or set BROWSER`);
}

function browser(): readonly string[] {
  const chosen = process.env.BROWSER?.trim();
  if (chosen) return chosen.split(/\s+/);
  if (process.platform === "darwin") return ["open"];
  return process.platform === "win32" ? ["rundll32", "url.dll,FileProtocolHandler"] : ["xdg-open"];
}
