import { statusDetails, storeDetails } from "../../webhooks/payment-parts";
import { signatureOfPayment } from "../../webhooks/signature";
import { choices } from "../choices";
import { badRequest, EmulatorError } from "../emulator-error";
import type { Business } from "../state/business";
import { iso } from "../state/clock";
import { bankName } from "../state/institutions";
import { asNumber, asText, paidAmount, pence } from "../state/money";
import { cancelPayment, payDue } from "../state/payment-lifecycle";
import {
  type Attempt,
  type Environment,
  newPayment,
  type Payment,
  type PaymentMethod,
  type PaymentStatus,
} from "../state/records";
import { refundedAmount, refundsOf } from "../state/refund-lifecycle";
import { type Call, pageOf } from "./call";
import { redirectTarget } from "./redirect-target";

interface CreateBody {
  amount: number;
  orderId: string;
  customerId?: string;
  currency?: string;
  institutionId?: string;
  storeId?: string;
  paymentMethod?: PaymentMethod[];
  savePaymentMethod?: boolean;
  atoaCustomerId?: string;
  consumerDetails?: { firstName?: string; lastName?: string };
  callbackParams?: Record<string, unknown>;
  expiresIn?: number;
  notes?: string;
  enableTips?: boolean;
  allowRetry?: boolean;
  redirectUrl?: string;
  splitBill?: boolean;
  template?: string;
}

export function createPaymentRequest(call: Call): unknown {
  const { business, origin } = call;
  const body = call.body as CreateBody;
  const amount = pence(body.amount);
  if (body.redirectUrl !== undefined) redirectTarget(body.redirectUrl, "redirectUrl");
  const now = business.now();
  const expiresAt = now + (body.expiresIn ?? choices.paymentLifetime);
  const payer = [body.consumerDetails?.firstName, body.consumerDetails?.lastName].filter(Boolean).join(" ");
  const payment = newPayment({
    id: business.newId(),
    orderId: body.orderId,
    amount,
    currency: body.currency ?? "GBP",
    createdAt: now,
    expiresAt,
    customerId: body.customerId ?? null,
    atoaCustomerId: cardSavingCustomer(call, body),
    storeId: business.storeFor(body.storeId).id,
    methods: body.paymentMethod ?? ["PAY_BY_BANK", "CARD"],
    redirectUrl: body.redirectUrl ?? null,
    callbackParams: body.callbackParams ?? null,
    notes: body.notes ?? null,
    institutionId: body.institutionId ?? null,
    enableTips: body.enableTips ?? true,
    allowRetry: body.allowRetry ?? true,
    splitBill: body.splitBill ?? false,
    savePaymentMethod: body.savePaymentMethod ?? false,
    payerName: payer === "" ? null : payer,
    sdkAccessId: call.key?.sdkAccessId ?? null,
  });
  business.keep(payment);
  payDue(business, payment, expiresAt);
  const page = `${origin}/pay/${payment.id}`;
  return {
    paymentRequestId: payment.id,
    paymentUrl: page,
    qrCodeUrl: `${page}/qr.svg`,
    qrCodeUrlPng: `${page}/qr.png`,
    ...(body.template === undefined ? {} : { templateUrl: `${page}/template/${body.template}` }),
  };
}

/** The customer to attach; with `savePaymentMethod` the documented conditions are checked. */
function cardSavingCustomer({ business, emulation }: Call, body: CreateBody): string | null {
  if (body.savePaymentMethod === true) {
    if (body.splitBill === true) throw badRequest("savePaymentMethod cannot be combined with splitBill");
    if (!body.paymentMethod?.includes("CARD")) throw badRequest("savePaymentMethod needs CARD in paymentMethod");
  }
  const { atoaCustomerId } = body;
  if (atoaCustomerId === undefined) return null;
  return emulation.inEnvironment(business, atoaCustomerId, (records, real) => records.customer(real)).id;
}

export function getPaymentStatus(call: Call): unknown {
  const id = call.path.id ?? "";
  const asked = call.query.env;
  if (call.key !== undefined && asked !== undefined && asked !== call.key.environment) {
    const { kind, name } = choices.otherEnvironment;
    throw new EmulatorError(kind, `env is ${String(asked)}, but the token belongs to ${call.key.environment}`, name);
  }
  // Without a token the environment comes from the query, and the record may be anybody's: the id is the secret.
  const { business, record } =
    call.key === undefined
      ? call.emulation.anywhere((records) => records.payment(id), call.query.env as Environment | undefined)
      : {
          business: call.business,
          record: call.emulation.inEnvironment(call.business, id, (records, real) => records.payment(real)),
        };
  return paymentStatusBody(business, record, call.key?.token);
}

export function cancelPaymentRequest({ emulation, business, path }: Call): unknown {
  const payment = emulation.inEnvironment(business, path.id ?? "", (records, real) => records.payment(real));
  cancelPayment(business, payment);
  return { message: "Payment request cancelled" };
}

/** Money is text here; the body is only a status and a message until a payer starts (documented). */
function paymentStatusBody(business: Business, payment: Payment, token: string | undefined): Record<string, unknown> {
  if (payment.status === "PAYMENT_NOT_INITIATED") {
    return { status: payment.status, message: "The payer has not started this payment yet" };
  }
  const { attempt } = payment;
  return {
    paymentRequestId: payment.id,
    userUuid: null,
    customerId: payment.customerId ?? payment.atoaCustomerId,
    merchantId: business.merchantId,
    merchantName: business.name,
    applicationUserId: null,
    callback: null,
    avatar: null,
    orderId: payment.orderId,
    ...(token === undefined ? {} : { signatureHash: signatureOfPayment(token, payment.orderId, payment.id) }),
    redirectUrlParams: payment.callbackParams,
    redirectUrl: payment.redirectUrl,
    status: payment.status,
    paidAmount: asText(paidAmount(payment)),
    currency: payment.currency,
    taxAmount: "0",
    serviceAmount: "0",
    tipAmount: asText(attempt?.tip ?? 0),
    storeDetails: storeDetails(business.stores.get(payment.storeId)),
    transactionDetails: attempt === null ? [] : [transactionDetail(business, payment, attempt)],
  };
}

function transactionDetail(business: Business, payment: Payment, attempt: Attempt): Record<string, unknown> {
  const refunded = refundedAmount(business, payment);
  return {
    paymentIdempotencyId: attempt.reference,
    consumerId: attempt.consumerId,
    consumerName: attempt.consumerName,
    institutionId: attempt.institutionId,
    tracingId: null,
    statusDetails: statusDetails(payment),
    paidAmount: asText(paidAmount(payment)),
    totalRefundAmount: refunded === 0 ? null : asText(refunded),
    currency: payment.currency,
    bankName: attempt.institutionId === null ? null : bankName(attempt.institutionId),
    bankAccountNo: attempt.institutionId === null ? null : "678",
    createdAt: iso(attempt.startedAt),
    updatedAt: iso(attempt.updatedAt),
    taxAmount: "0",
    serviceAmount: "0",
    tipAmount: asText(attempt.tip),
    notes: payment.notes,
    errorDescription: attempt.failure,
    paymentDevice: {},
    splitBill: payment.splitBill,
    refundDetails: refundsOf(business, payment).map((refund) => ({
      id: refund.reference,
      amount: asNumber(refund.amount),
      currency: payment.currency,
      status: refund.status,
      createdAt: iso(refund.createdAt),
      updatedAt: iso(refund.updatedAt),
      refundNotes: refund.notes,
      refundType: refund.amount === paidAmount(payment) ? "FULL" : "PARTIAL",
      refundId: refund.id,
    })),
  };
}

interface Filter {
  search?: string;
  fromDate?: string;
  toDate?: string;
  status?: PaymentStatus[];
  atoaCustomerIds?: string[];
  paymentMethod?: PaymentMethod[];
  storeIds?: string[];
}

/** Newest first. Money is a number here. */
export function listTransactions({ business, query, body }: Call): unknown {
  const page = Number(query.page);
  const size = Math.min(Number(query.size), choices.largestPage);
  const filter = (body ?? {}) as Filter;
  const matches = matcher(business, filter);
  const found: Payment[] = [];
  for (const payment of business.payments.values()) if (matches(payment)) found.push(payment);
  return {
    data: pageOf(found.reverse(), page, size).map((payment) => transaction(business, payment)),
    totalCount: found.length,
    page,
    size,
  };
}

/** Only what is asked for is looked at: a walk over a thousand pages reads every payment a thousand times. */
function matcher(business: Business, filter: Filter): (payment: Payment) => boolean {
  const { status, paymentMethod, atoaCustomerIds, storeIds, fromDate, toDate } = filter;
  const tests: ((payment: Payment) => boolean)[] = [];
  if (fromDate !== undefined) {
    const from = Date.parse(fromDate);
    tests.push(({ createdAt }) => createdAt >= from);
  }
  if (toDate !== undefined) {
    const to = Date.parse(toDate) + 86_400_000;
    tests.push(({ createdAt }) => createdAt < to);
  }
  if (status !== undefined) tests.push((payment) => status.includes(payment.status));
  if (paymentMethod !== undefined)
    tests.push(({ attempt, methods }) => paymentMethod.includes(attempt?.method ?? methods[0] ?? "PAY_BY_BANK"));
  if (atoaCustomerIds !== undefined) {
    const ids = atoaCustomerIds.map((id) => business.id(id));
    tests.push(({ atoaCustomerId }) => ids.includes(atoaCustomerId ?? ""));
  }
  if (storeIds !== undefined) {
    const ids = storeIds.map((id) => business.id(id));
    tests.push(({ storeId }) => ids.includes(storeId));
  }
  const search = filter.search?.trim().toLowerCase() ?? "";
  if (search !== "") tests.push((payment) => searched(payment, search));
  return (payment) => payment.status !== "PAYMENT_NOT_INITIATED" && tests.every((test) => test(payment));
}

function searched(payment: Payment, search: string): boolean {
  const texts = [
    payment.attempt?.consumerName ?? payment.payerName ?? "",
    payment.orderId,
    payment.id,
    asText(paidAmount(payment)),
  ];
  return texts.some((text) => text.toLowerCase().includes(search));
}

function transaction(business: Business, payment: Payment): Record<string, unknown> {
  const { attempt } = payment;
  const card = attempt?.cardId == null ? undefined : business.cards.get(attempt.cardId);
  const byCard = (attempt?.method ?? payment.methods[0]) === "CARD";
  return {
    ...(attempt === null ? {} : { paymentIdempotencyId: attempt.reference, consumerId: attempt.consumerId }),
    paymentRequestId: payment.id,
    customerId: payment.atoaCustomerId ?? payment.customerId,
    merchantName: business.name,
    merchantId: business.merchantId,
    orderId: payment.orderId,
    consumerName: attempt?.consumerName ?? payment.payerName,
    paidAmount: asNumber(paidAmount(payment)),
    currency: payment.currency,
    status: payment.status,
    transactionType: byCard ? "CARD" : "OPEN_BANKING",
    notes: payment.notes,
    storeDetails: storeDetails(business.stores.get(payment.storeId)),
    ...(byCard && attempt !== null
      ? {
          cardPaymentDetails: {
            cardType: card?.brand ?? "VISA",
            transactionSubType: "CARD",
            captureType: payment.captureType ?? "AUTO_CAPTURE",
            metadata: { isMitPayment: payment.captureType !== null },
            ...(attempt.cardId === null ? {} : { paymentMethodId: attempt.cardId }),
          },
        }
      : {}),
    createdAt: iso(payment.createdAt),
    updatedAt: iso(payment.updatedAt),
  };
}
