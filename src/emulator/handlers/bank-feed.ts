import { choices } from "../choices";
import { badRequest } from "../emulator-error";
import type { Business } from "../state/business";
import { iso } from "../state/clock";
import { activeAccount, activeConsent, endConsent, startConsent } from "../state/consent-lifecycle";
import { asNumber } from "../state/money";
import type { BankAccount, BankTransaction, Consent } from "../state/records";
import { type Call, instant, pageOf } from "./call";
import { redirectTarget } from "./redirect-target";

export function initiateBankAuth({ business, body, origin }: Call): unknown {
  const { redirectUrl, callbackParams } = body as {
    redirectUrl: string;
    callbackParams?: string | Record<string, unknown>;
  };
  redirectTarget(redirectUrl, "redirectUrl");
  const consent = startConsent(business, { redirectUrl, callbackParams: callbackParams ?? null });
  return {
    url: `${origin}/link-bank?accountAuthId=${consent.id}`,
    accountAuthId: consent.id,
    expiresAt: iso(consent.createdAt + choices.consentLinkLifetime),
  };
}

export function listBankAccounts({ emulation, business, path }: Call): unknown {
  const { consent, owner } = emulation.inEnvironment(business, path.accountAuthId ?? "", (records, real) => ({
    consent: activeConsent(records, real),
    owner: records,
  }));
  return accountsOf(owner, consent).map(shownAccount);
}

export function getBankAccount(call: Call): unknown {
  const account = accountOf(call);
  return { accountId: account.id, ...shownAccount(account) };
}

export function getBankBalance(call: Call): unknown {
  return { balance: asNumber(accountOf(call).balance), currency: "GBP" };
}

/** Newest first; `before` is exclusive. */
export function listBankTransactions(call: Call): unknown {
  const { business, query } = call;
  const account = accountOf(call);
  const from = instant(query.from, "from");
  const before = instant(query.before, "before");
  const page = Number(query.page);
  const itemsPerPage = Math.min(Number(query.itemsPerPage), choices.largestPage);
  const transactions = [...business.bankTransactions.values()]
    .filter(({ accountId, date }) => accountId === account.id && date >= from && date < before)
    .sort((a, b) => b.date - a.date);
  return {
    data: pageOf(transactions, page, itemsPerPage).map(transactionBody),
    totalCount: transactions.length,
    page,
    itemsPerPage,
  };
}

/** Exactly one selector; no body at all withdraws every consent, as the public client says. */
export function revokeBankAuth({ emulation, business, body }: Call): unknown {
  const selector = (body ?? {}) as { accountAuthId?: string; accountId?: string; accountIds?: string };
  if (selector.accountAuthId !== undefined) {
    const { accountAuthId } = selector;
    const consent = emulation.inEnvironment(business, accountAuthId, activeConsent);
    endConsent(consent, "REVOKED");
    return revoked("Consent revoked", { accountAuthId: consent.id });
  }
  const ids =
    selector.accountId === undefined ? selector.accountIds?.split(",").map((id) => id.trim()) : [selector.accountId];
  if (ids !== undefined) {
    if (ids.some((id) => id === "")) throw badRequest("accountIds must be a comma-separated list of ids");
    const accounts = ids.map((id) => emulation.inEnvironment(business, id, activeAccount));
    for (const account of accounts) account.revoked = true;
    return revoked("Account access revoked", { accountIds: accounts.map(({ id }) => id) });
  }
  const all = [...business.consents.values()].filter(({ status }) => status === "ACTIVE");
  for (const consent of all) endConsent(consent, "REVOKED");
  return revoked("All consents revoked", { accountAuthIds: all.map(({ id }) => id) });
}

function revoked(message: string, revokedDetails: Record<string, unknown>): Record<string, unknown> {
  return { success: true, message, revokedDetails };
}

function accountOf({ emulation, business, path }: Call): BankAccount {
  return emulation.inEnvironment(business, path.id ?? "", activeAccount);
}

function accountsOf(business: Business, consent: Consent): BankAccount[] {
  return consent.accountIds.flatMap((id) => business.accounts.get(id) ?? []).filter(({ revoked }) => !revoked);
}

function shownAccount({ bankName, accountNumber, sortCode }: BankAccount): Record<string, unknown> {
  return { bankName, accountNumber, sortCode };
}

/** Payments out have a payee, payments in a payer; amounts are positive, `type` gives the sign. */
function transactionBody(entry: BankTransaction): Record<string, unknown> {
  const party = {
    name: entry.party.name,
    accountDetails: { sortCode: entry.party.sortCode, accountNumber: entry.party.accountNumber },
  };
  return {
    id: entry.id,
    date: iso(entry.date),
    type: entry.type,
    amount: asNumber(entry.amount),
    currency: "GBP",
    description: entry.description,
    reference: entry.reference,
    merchantName: entry.merchantName,
    transactionCategory: entry.category,
    status: entry.status,
    ...(entry.type === "DEBIT" ? { payee: party } : { payer: party }),
    balance: { amount: asNumber(entry.balance), currency: "GBP" },
  };
}
