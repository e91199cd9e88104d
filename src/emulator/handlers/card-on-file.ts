import { choices } from "../choices";
import { badRequest } from "../emulator-error";
import { iso } from "../state/clock";
import { asNumber, pence } from "../state/money";
import { completePayment, newAttempt, payDue, setStatusAndTell } from "../state/payment-lifecycle";
import { type CaptureType, newPayment, type Payment, type PaymentStatus } from "../state/records";
import type { Call } from "./call";

interface ChargeBody {
  customerId: string;
  paymentMethodId: string;
  captureType: CaptureType;
  amount: number;
  orderId: string;
  notes?: string;
  storeId?: string;
}

/** Always PENDING at first (documented); the card network decides a moment later. */
export function chargeSavedCard(call: Call): unknown {
  const { emulation, business } = call;
  const body = call.body as ChargeBody;
  const amount = pence(body.amount);
  const customer = emulation.inEnvironment(business, body.customerId, (records, real) => records.customer(real));
  const card = business.card(customer.id, body.paymentMethodId);
  const now = business.now();
  const delayed = body.captureType !== "AUTO_CAPTURE";
  const expiresAt = delayed ? now + choices.authorisationLifetime : null;
  const payment = newPayment({
    id: business.newId(),
    orderId: body.orderId,
    amount,
    status: "PENDING",
    createdAt: now,
    expiresAt,
    atoaCustomerId: customer.id,
    storeId: business.storeFor(body.storeId).id,
    methods: ["CARD"],
    notes: body.notes ?? null,
    enableTips: false,
    allowRetry: false,
    payerName: customer.fullName,
    captureType: body.captureType,
    sdkAccessId: call.key?.sdkAccessId ?? null,
  });
  payment.attempt = newAttempt(business, payment, "CARD", now, { cardId: card.id });
  business.payments.set(payment.id, payment);
  payDue(business, payment, now + choices.cardNetworkDelay);
  return {
    paymentRequestId: payment.id,
    status: "PENDING",
    amount: asNumber(amount),
    currency: payment.currency,
    orderId: payment.orderId,
    customerId: customer.id,
    paymentMethodId: card.id,
    captureType: body.captureType,
    createdAt: iso(now),
    ...(expiresAt === null ? {} : { expiresAt: iso(expiresAt) }),
  };
}

export function captureCardPayment(call: Call): unknown {
  const payment = delayedCharge(call, "captured", ["AUTHORIZED"]);
  completePayment(call.business, payment, call.business.now());
  return { success: true, message: "Payment captured" };
}

export function cancelCardPayment(call: Call): unknown {
  const payment = delayedCharge(call, "cancelled", ["AUTHORIZED", "PENDING"]);
  payment.dueAt = null;
  setStatusAndTell(call.business, payment, "CANCELLED", call.business.now());
  return { success: true, message: "Payment cancelled" };
}

/** @throws EmulatorError bad-request for AUTO_CAPTURE, for payments that are no card charge, and in any other state */
function delayedCharge({ emulation, business, path }: Call, verb: string, states: readonly PaymentStatus[]): Payment {
  const payment = emulation.inEnvironment(business, path.id ?? "", (records, real) => records.payment(real));
  if (payment.captureType === null || payment.captureType === "AUTO_CAPTURE") {
    throw badRequest(`Only a card charge with delayed capture can be ${verb}`, "CAPTURE_TYPE_NOT_DELAYED");
  }
  if (!states.includes(payment.status)) {
    throw badRequest(
      `A payment that is ${payment.status} cannot be ${verb}`,
      `PAYMENT_NOT_${verb === "captured" ? "CAPTURABLE" : "CANCELLABLE"}`,
    );
  }
  return payment;
}
