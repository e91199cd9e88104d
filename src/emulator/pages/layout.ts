import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** One style sheet, inside the page: nothing is loaded from anywhere. Colours keep a contrast of 4.5 to 1, light and dark. */
const style = `
:root{color-scheme:light dark;--ink:#14211f;--soft:#4c5b58;--paper:#fff;--ground:#eef3f1;--line:#c3d0cc;--lead:#0b6b53;--on-lead:#fff;--bad:#a3261d;--badge:#fff1c9;--on-badge:#5c4300}
@media (prefers-color-scheme:dark){:root{--ink:#eef4f2;--soft:#aebcb8;--paper:#17211f;--ground:#0d1413;--line:#3a4a46;--lead:#7fdcbe;--on-lead:#06231b;--bad:#ff9d94;--badge:#4a3a08;--on-badge:#ffe9a8}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:27rem;margin:0 auto;padding:1rem}
.card{background:var(--paper);border:1px solid var(--line);border-radius:1rem;padding:1.5rem}
header{display:flex;justify-content:space-between;align-items:center;gap:1rem;margin-bottom:1rem}
.shop{font-weight:600;overflow-wrap:anywhere}
.badge{background:var(--badge);color:var(--on-badge);border-radius:1rem;padding:.125rem .75rem;font-size:.8125rem;white-space:nowrap}
h1{font-size:1.25rem;margin:0 0 .25rem}
.amount{font-size:2.5rem;font-weight:700;line-height:1.2;margin:.25rem 0}
.facts{color:var(--soft);margin:0 0 1.25rem;overflow-wrap:anywhere}
fieldset{border:0;margin:0 0 1.25rem;padding:0}
legend{font-weight:600;padding:0;margin-bottom:.5rem}
.choice{display:flex;align-items:center;gap:.75rem;min-height:3rem;padding:.5rem .75rem;border:1px solid var(--line);border-bottom-width:0;cursor:pointer}
.choice:first-of-type{border-radius:.75rem .75rem 0 0}.choice:last-of-type{border-bottom-width:1px;border-radius:0 0 .75rem .75rem}
.choice:first-of-type:last-of-type{border-radius:.75rem}
.choice:has(input:checked){background:color-mix(in srgb,var(--lead) 12%,transparent)}
.choice img{width:1.75rem;height:1.75rem}.choice small{color:var(--soft);margin-left:auto;white-space:nowrap}
input[type=radio]{width:1.25rem;height:1.25rem;accent-color:var(--lead);flex:none}
select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.75rem;min-height:3rem;width:100%;padding:.5rem .75rem}
button,.button{display:block;width:100%;min-height:3.25rem;margin-top:.75rem;padding:.75rem;border-radius:.75rem;border:1px solid var(--lead);background:var(--lead);color:var(--on-lead);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button.second,.button.second{background:transparent;color:var(--lead)}button.bad{background:transparent;border-color:var(--bad);color:var(--bad)}
:focus-visible{outline:3px solid var(--lead);outline-offset:2px}
.choice:focus-within{outline:3px solid var(--lead);outline-offset:-3px}
.note{border-left:4px solid var(--bad);padding:.25rem .75rem;margin:0 0 1rem}
footer{color:var(--soft);font-size:.875rem;margin-top:1rem;text-align:center}
main.wide{max-width:84rem}
.wide h2{font-size:1.0625rem;margin:2rem 0 .5rem}.wide nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-top:.5rem}.wide a{color:var(--lead)}
.wide p{margin:0 0 .5rem}.none,small{color:var(--soft)}
table{width:100%;border-collapse:collapse;font-size:.875rem}
th{text-align:left;color:var(--soft);font-weight:600}th,td{padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th,td:first-child,td[data-name=Amount],.state,td code{white-space:nowrap}code,pre{font-size:.8125rem}section+.row{margin-top:.75rem}pre{white-space:pre-wrap;margin:.25rem 0}
.state.good{color:var(--lead)}.state.bad{color:var(--bad)}summary{cursor:pointer}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}.row button{width:auto;min-height:2.25rem;margin:0;padding:.25rem .75rem;font-size:.875rem;white-space:nowrap}
.row input{width:6rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.75rem;min-height:2.25rem;padding:.25rem .75rem}
@media (max-width:60rem){.wide table,.wide tbody,.wide tr,.wide td{display:block}.wide thead{display:none}
.wide tr{border:1px solid var(--line);border-radius:.75rem;padding:.5rem .75rem;margin-bottom:.75rem}.wide td{display:flex;gap:.75rem;border:0;padding:.125rem 0;white-space:normal}
.wide td::before{content:attr(data-name);color:var(--soft);flex:0 0 6rem}.wide td:empty{display:none}.wide td:has(details[open]){display:block}.wide td>*{min-width:0}.wide td code{white-space:normal}.wide .card{padding:1rem}}
`;

const styleHash = createHash("sha256").update(style).digest("base64");

export interface Page {
  title: string;
  shop: string;
  environment: string;
  /** Seconds after which the page asks again, while something is under way. */
  refresh?: number;
  /** Room for tables. */
  wide?: boolean;
  content: Html;
}

/** A whole page. It needs no script, and allows none. */
export function pageHtml({ title, shop, environment, refresh, wide, content }: Page): Html {
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${shop}</title>
${refresh === undefined ? "" : html`<meta http-equiv="refresh" content="${refresh}">`}
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
<main class="${wide === true ? "wide" : ""}">
<header><span class="shop">${shop}</span><span class="badge">${environment} emulator</span></header>
<div class="card">
${content}
</div>
<footer>A test page on this machine. No bank is contacted and no money moves.</footer>
</main>
</body>
</html>`;
}

/**
 * Headers of every page: no script, no frame, nothing from elsewhere.
 * @param returnTo where a form may lead; browsers count the redirect that follows a form as part of it
 */
export function pageHeaders(returnTo?: URL): Record<string, string> {
  const target =
    returnTo === undefined ? "" : ` ${/^https?:$/.test(returnTo.protocol) ? returnTo.origin : returnTo.protocol}`;
  return {
    "content-security-policy": `default-src 'none'; img-src 'self' data:; style-src 'sha256-${styleHash}'; form-action 'self'${target}; base-uri 'none'; frame-ancestors 'none'`,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
  };
}
