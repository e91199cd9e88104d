import { shapeOf, statusesOf, type TestEvent } from "../../webhooks/test-event";
import { choices } from "../choices";
import { badRequest, EmulatorError, notFound } from "../emulator-error";
import { pence } from "../state/money";
import {
  newPayment,
  type Payment,
  type PaymentStatus,
  type Refund,
  type RefundStatus,
  type Webhook,
  type WebhookAuthentication,
  type WebhookEvent,
} from "../state/records";
import type { Call } from "./call";
import { mayRegister, register, webhookTarget } from "./registration";

/** One event a call, one webhook an event (documented). */
export function createWebhook({ business, key, body }: Call): unknown {
  const { url, event, authentication } = body as {
    url: string;
    event: WebhookEvent;
    authentication?: WebhookAuthentication;
  };
  webhookTarget(url, "url");
  mayRegister(business, [event], authentication);
  if (business.webhooksFor(event).some(({ version, seeded }) => version === 1 && !seeded)) {
    const { kind, name } = choices.secondWebhookForEvent;
    throw new EmulatorError(kind, `${event} already has a webhook; delete it first`, name);
  }
  return webhookBody(
    register(business, {
      url,
      events: [event],
      authentication: authentication ?? null,
      sdkAccessId: key?.sdkAccessId ?? "",
    }),
  );
}

export function listWebhooks({ business }: Call): unknown {
  return [...business.webhooks.values()].filter(({ version }) => version === 1).map(webhookBody);
}

export function deleteWebhook({ emulation, business, path }: Call): unknown {
  const webhook = emulation.inEnvironment(business, path.webhookId ?? "", (records, real) => records.webhook(real, 1));
  business.webhooks.delete(webhook.id);
  return { message: "Webhook deleted" };
}

/** The secret of the target stays here. */
function webhookBody({ id, url, events }: Webhook): Record<string, unknown> {
  return { webhookId: id, url, event: events[0] };
}

export function triggerTestWebhook(call: Call): unknown {
  const { business } = call;
  const body = call.body as TestEvent;
  if (business.environment !== "sandbox") {
    const { kind, name } = choices.triggerWithProductionToken;
    throw new EmulatorError(kind, "Test events need a sandbox token", name);
  }
  const pos = body.eventType === "POS_PAYMENT_STATUS";
  const shape = shapeOf(body);
  const status = statusFor(body);
  if (business.webhooksFor(body.eventType).length === 0)
    throw notFound(`Webhook for ${body.eventType}`, "WEBHOOK_NOT_FOUND");
  const at = business.now();
  const payment = testPayment(call, body, shape, status, at);
  const refund = shape === "REFUND_STATUS" ? testRefund(call, payment, status as RefundStatus, at) : undefined;
  business.tell({
    event: body.eventType,
    payment,
    refund,
    pos: pos ? { type: shape, customFields: body.customFields } : undefined,
    test: true,
    at,
  });
  return { message: "Test event queued" };
}

function statusFor(body: TestEvent): string {
  const states = statusesOf(body);
  // The status of an expiry is ignored, whatever it says (seen in the public client).
  if (states.length === 1) return states[0];
  const status = body.status ?? states[0];
  if (!states.includes(status)) throw badRequest(`status must be one of ${states.join(", ")} for this event`);
  if (status === "AUTHORIZED" && body.paymentMethod !== "CARD")
    throw badRequest("AUTHORIZED requires paymentMethod CARD");
  return status;
}

/** A payment that exists in the event only. */
function testPayment({ business }: Call, body: TestEvent, shape: string, status: string, at: number): Payment {
  const method = body.paymentMethod ?? "PAY_BY_BANK";
  const isPayment = shape === "PAYMENTS_STATUS";
  return newPayment({
    id: business.newId(),
    orderId: body.orderId ?? `TEST-${at}`,
    amount: pence(body.amount ?? 10),
    status: isPayment ? (status as PaymentStatus) : shape === "EXPIRED_STATUS" ? "EXPIRED" : "COMPLETED",
    createdAt: at,
    customerId: "test-customer",
    storeId: business.storeFor(undefined).id,
    methods: [method],
    notes: "Test event",
    enableTips: false,
    payerName: "Test Payer",
    attempt: {
      reference: business.reference(at),
      method,
      consumerId: business.newId(),
      consumerName: "Test Payer",
      institutionId: method === "CARD" ? null : "modelo-sandbox",
      cardId: null,
      cardDigits: null,
      tip: 0,
      startedAt: at,
      updatedAt: at,
      failure: status === "FAILED" && isPayment ? "Declined by the bank" : null,
    },
  });
}

function testRefund({ business }: Call, payment: Payment, status: RefundStatus, at: number): Refund {
  return {
    id: business.newId(),
    paymentId: payment.id,
    reference: business.reference(at),
    amount: payment.amount,
    status,
    notes: "Test event",
    createdAt: at,
    updatedAt: at,
    dueAt: null,
    payoutId: null,
  };
}
