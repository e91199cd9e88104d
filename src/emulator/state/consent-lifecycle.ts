import { choices } from "../choices";
import { notFound } from "../emulator-error";
import type { Business } from "./business";
import type { BankAccount, Consent } from "./records";

/** How the consent to read a bank account comes and goes. */

export function startConsent(
  business: Business,
  wish: { redirectUrl: string; callbackParams: string | Record<string, unknown> | null },
): Consent {
  const now = business.now();
  const consent: Consent = {
    id: business.newId(),
    status: "LINKING",
    ...wish,
    createdAt: now,
    dueAt: null,
    accountIds: [],
  };
  business.consents.set(consent.id, consent);
  dueAt(business, consent, now + choices.consentLinkLifetime);
  return consent;
}

/** The account holder agrees. @throws EmulatorError not-found for a link that has run out or was used */
export function linkConsent(business: Business, consent: Consent): void {
  if (consent.status !== "LINKING") throw notFound("Consent", "CONSENT_NOT_FOUND");
  const now = business.now();
  consent.status = "ACTIVE";
  business.openAccounts(consent, now);
  dueAt(business, consent, now + choices.consentLifetime);
}

export function endConsent(consent: Consent, status: "EXPIRED" | "REVOKED"): void {
  consent.status = status;
  consent.dueAt = null;
}

/** What time does: an unused link and a consent after 90 days both end. */
export function consentDue(consent: Consent, at: number): void {
  if (consent.dueAt === at) endConsent(consent, "EXPIRED");
}

function dueAt(business: Business, consent: Consent, at: number): void {
  consent.dueAt = at;
  business.due(at, "consent", consent.id);
}

/** A consent in force. @throws EmulatorError not-found for one that is not linked yet, has expired or was revoked (documented) */
export function activeConsent(business: Business, id: string): Consent {
  const consent = business.consents.get(business.id(id));
  if (consent?.status !== "ACTIVE") throw notFound("Consent", "CONSENT_NOT_FOUND");
  return consent;
}

/** An account that a consent in force covers. @throws EmulatorError not-found */
export function activeAccount(business: Business, id: string): BankAccount {
  const account = business.accounts.get(business.id(id));
  if (account === undefined || account.revoked) throw notFound("Bank account", "CONSENT_NOT_FOUND");
  activeConsent(business, account.consentId);
  return account;
}
