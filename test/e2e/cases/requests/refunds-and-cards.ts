import { type Case, sends } from "../case";

/** Good lines: refunds, and saved cards that are charged. */
const uuid = "3b241101-e2bb-4255-8caf-4136c566a962";

export const refundsAndCards: readonly Case[] = [
  sends("refunds create --paymentRequestId pr_abc123 --amount 5.00 --yes", "POST /api/refund", {
    paymentRequestId: "pr_abc123",
    amount: 5,
  }),
  sends(
    "refunds create --paymentRequestId pr_abc123 --amount 5.00 --currency GBP --notes 'duplicate charge' --yes",
    "POST /api/refund",
    { paymentRequestId: "pr_abc123", amount: 5, currency: "GBP", refundNotes: "duplicate charge" },
  ),
  sends("refunds create --payment-request-id pr_abc --amount 1 --reason -torn- --yes", "POST /api/refund", {
    paymentRequestId: "pr_abc",
    amount: 1,
    refundNotes: "-torn-",
  }),
  sends("refunds create --paymentRequestId pr_abc --amount 1 --yes --notes=--dryRun", "POST /api/refund", {
    paymentRequestId: "pr_abc",
    amount: 1,
    refundNotes: "--dryRun",
  }),
  sends("refunds create --paymentRequestId pr_abc --amount 1.5 --idempotencyKey night/1 --yes", "POST /api/refund", {
    paymentRequestId: "pr_abc",
    amount: 1.5,
  }),
  sends("refunds list --paymentRequestId pr_abc123", "GET /api/refund/pr_abc123"),
  sends("refunds cancel rf_xyz --yes", "DELETE /api/refund/rf_xyz/cancel"),
  sends(
    "card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007",
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "AUTO_CAPTURE",
      amount: 10.5,
      orderId: "order-007",
    },
  ),
  sends(
    "card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --capture-type manual_capture",
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "MANUAL_CAPTURE",
      amount: 10.5,
      orderId: "order-007",
    },
  ),
  sends(
    "card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --no-capture",
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "MANUAL_CAPTURE",
      amount: 10.5,
      orderId: "order-007",
    },
  ),
  sends(
    "card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --no-capture --captureType capture_before_expiry",
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "CAPTURE_BEFORE_EXPIRY",
      amount: 10.5,
      orderId: "order-007",
    },
  ),
  sends(
    `card-on-file charge --customerId cust_123 --paymentMethodId card_456 --amount 10.50 --orderId order-007 --capture --storeId ${uuid} --notes 'June, table 4'`,
    "POST /api/payments/card/process-payment",
    {
      customerId: "cust_123",
      paymentMethodId: "card_456",
      captureType: "AUTO_CAPTURE",
      amount: 10.5,
      orderId: "order-007",
      storeId: uuid,
      notes: "June, table 4",
    },
  ),
  sends(
    "card-on-file capture pr_abc123 --yes",
    "POST /api/payments/card/payment-request/pr_abc123/capture",
    undefined,
    { given: { pr_abc123: "AUTHORIZED" } },
  ),
  sends("card-on-file cancel pr_abc123 --yes", "POST /api/payments/card/payment-request/pr_abc123/cancel", undefined, {
    given: { pr_abc123: "AUTHORIZED" },
  }),
  sends(
    "card-on-file cancel pr_abc123 --reasonCode other --reasonDescription 'stock ran out' --yes",
    "POST /api/payments/card/payment-request/pr_abc123/cancel",
    { cancelledReasonCode: "Other", cancelledReasonDescription: "stock ran out" },
    { given: { pr_abc123: "AUTHORIZED" } },
  ),
];
