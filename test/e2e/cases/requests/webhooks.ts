import { type Case, sends } from "../case";

/** Good lines: webhooks and test events. */
/** A URL of this machine where nobody answers. */
const local = "http://127.0.0.1:9/hook";

export const webhooks: readonly Case[] = [
  sends(`webhooks create --url ${local} --event payments_status`, "POST /api/webhook/merchant", {
    url: local,
    event: "PAYMENTS_STATUS",
  }),
  sends(
    `webhooks create --url ${local} --event REFUND_STATUS --authentication @auth.json`,
    "POST /api/webhook/merchant",
    {
      url: local,
      event: "REFUND_STATUS",
      authentication: { username: "hook", password: "not-a-real-password" },
    },
  ),
  sends(
    `webhooks create --url ${local} --event REFUND_STATUS --authentication -`,
    "POST /api/webhook/merchant",
    { url: local, event: "REFUND_STATUS", authentication: { username: "hook", password: "piped" } },
    { stdin: '{"username":"hook","password":"piped"}' },
  ),
  sends(
    `webhooks create --url ${local} --event REFUND_STATUS --authentication '{"username":"a","password":"b"}'`,
    "POST /api/webhook/merchant",
    { url: local, event: "REFUND_STATUS", authentication: { username: "a", password: "b" } },
    { stderr: "warning: inline --authentication is visible" },
  ),
  sends("webhooks list", "GET /api/webhook/merchant"),
  sends("webhooks delete wh_123 --yes", "DELETE /api/webhook/wh_123/merchant"),
  sends("webhooks trigger EXPIRED_STATUS", "POST /api/webhook/test", { eventType: "EXPIRED_STATUS" }),
  sends("webhooks trigger expired_status --orderId o-1 --amount 0", "POST /api/webhook/test", {
    eventType: "EXPIRED_STATUS",
    orderId: "o-1",
    amount: 0,
  }),
  sends(
    "webhooks trigger EXPIRED_STATUS --env production",
    "POST /api/webhook/test",
    { eventType: "EXPIRED_STATUS" },
    {
      stderr: "note: test events exist in the sandbox only; the sandbox key is used",
    },
  ),
  sends(
    "webhooks trigger PAYMENTS_STATUS --paymentMethod card --status authorized --amount 25.00",
    "POST /api/webhook/test",
    { eventType: "PAYMENTS_STATUS", paymentMethod: "CARD", status: "AUTHORIZED", amount: 25 },
    { faults: ['POST /api/webhook/test status=200 body={"message":"queued"}'] },
  ),
  sends(
    `webhooks trigger POS_PAYMENT_STATUS --type refund_status --status COMPLETED --customFields '[{"value":"CUST_001","fieldName":"Customer ID"}]'`,
    "POST /api/webhook/test",
    {
      eventType: "POS_PAYMENT_STATUS",
      type: "REFUND_STATUS",
      status: "COMPLETED",
      customFields: [{ value: "CUST_001", fieldName: "Customer ID" }],
    },
    { faults: ['POST /api/webhook/test status=200 body={"message":"queued"}'] },
  ),
];
