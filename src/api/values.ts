/**
 * The values that the API names for its fields, without any library, so that flags and completion can use them. Each list
 * is the one of the OpenAPI file; a test compares them.
 */

export const paymentMethodKinds = ["PAY_BY_BANK", "CARD"] as const;
export const captureTypes = ["AUTO_CAPTURE", "MANUAL_CAPTURE", "CAPTURE_BEFORE_EXPIRY"] as const;
export const qrTemplates = ["EXTERNAL_DISPLAY", "EXTERNAL_DISPLAY_PNG", "RECEIPT", "RECEIPT_PNG"] as const;
export const customerTypes = ["INDIVIDUAL", "BUSINESS"] as const;
export const cancelReasonCodes = ["Duplicate", "Abandoned", "Requested by customer", "Other"] as const;
export const webhookEvents = ["PAYMENTS_STATUS", "EXPIRED_STATUS", "REFUND_STATUS", "POS_PAYMENT_STATUS"] as const;
export const testWebhookStatuses = ["COMPLETED", "AUTHORIZED", "FAILED", "CANCELLED", "EXPIRED"] as const;
/** Body shapes of a POS_PAYMENT_STATUS test event. */
export const testWebhookTypes = ["PAYMENTS_STATUS", "REFUND_STATUS", "EXPIRED_STATUS"] as const;

/** Statuses that are known; the full list is not, so a filter accepts any text. */
export const paymentStatuses = [
  "PAYMENT_NOT_INITIATED",
  "AWAITING_AUTHORIZATION",
  "PENDING",
  "AUTHORIZED",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "EXPIRED",
  "REFUNDED",
] as const;

/** The only status of a payout that was ever seen. */
export const payoutStatuses = ["COMPLETED"] as const;

/** Statuses at which polling ends. */
export const finalPaymentStatuses = ["COMPLETED", "AUTHORIZED", "FAILED", "CANCELLED", "EXPIRED", "REFUNDED"] as const;

/** The final ones that a merchant hopes for. */
export const goodPaymentStatuses = ["COMPLETED", "AUTHORIZED", "REFUNDED"] as const;
