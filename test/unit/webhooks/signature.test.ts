import { describe, expect, test } from "vitest";
import { signatureOfBody, signatureOfPayment, signatureOfRefund } from "../../../src/webhooks/signature";

describe("the recipes give the check values that were worked out for them", () => {
  test("v1 payment", () => {
    expect(signatureOfPayment("example-api-secret", "order-001", "0f2b6f0a-6a1d-4a44-9d0e-5b1c7d0a9e11")).toBe(
      "6f12dc1cdd51007649f557df12022454065efb254f7429bbabef30992bf1be59",
    );
  });
  test("v1 refund", () => {
    expect(signatureOfRefund("example-api-secret", "order-001", "e1d2c3b4-a596-4788-9a0b-1c2d3e4f5555")).toBe(
      "d1ca6612f9655faff317c24441d12d601b3c3fa51b0e109d38fa77f57ad61172",
    );
  });
  test("v2", () => {
    const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
    expect(signatureOfBody(secret, '{"orderId":"order-001","status":"COMPLETED","eventType":"PAYMENTS_STATUS"}')).toBe(
      "v1=889ae865962af04d4be8af3a6f9f9f6af6f441e595c3514e070d0fbd205b8784",
    );
  });
});
