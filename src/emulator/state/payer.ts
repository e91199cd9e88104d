import type { Business } from "./business";
import { abandonPayment, approvePayment, failPayment, type StartChoice, startPayment } from "./payment-lifecycle";
import type { Payment } from "./records";

export type PayerAction = "start" | "approve" | "decline" | "cancel";

/** What a payer may decide beside yes and no. */
export interface PayerWish extends StartChoice {
  /** "later" leaves an approved payment PENDING for two minutes, as a slow bank does. */
  settle?: "now" | "later" | undefined;
  /** Why the bank declines. */
  reason?: string | undefined;
}

/** Plays the payer: the one way for the payment page, the control API and the library. @throws EmulatorError bad-request where the state forbids it */
export function playPayer(business: Business, payment: Payment, action: PayerAction, wish: PayerWish = {}): void {
  switch (action) {
    case "start":
      startPayment(business, payment, wish);
      break;
    case "approve":
      approvePayment(business, payment, wish);
      break;
    case "decline":
      failPayment(business, payment, business.now(), wish.reason ?? "Declined by the bank", wish);
      break;
    case "cancel":
      abandonPayment(business, payment);
      break;
  }
}
