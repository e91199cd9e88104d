// @ts-check
/** The code under test: requests a payment and checks whether it was made. It knows nothing about the emulator. */

/** @param {{ url: string, token: string }} atoa @param {string} orderId @param {number} amount pounds */
export async function checkout(atoa, orderId, amount) {
  const response = await fetch(`${atoa.url}/api/payments/process-payment`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${atoa.token}`,
      "content-type": "application/json",
      "idempotency-key": `checkout/${orderId}`,
    },
    body: JSON.stringify({ orderId, amount }),
  });
  if (!response.ok) throw new Error(`payment not created: ${response.status}`);
  const { paymentRequestId, paymentUrl } = /** @type {Record<string, string>} */ (await response.json());
  return { id: String(paymentRequestId), payAt: String(paymentUrl) };
}

/** @param {{ url: string, token: string }} atoa @param {string} id */
export async function isPaid(atoa, id) {
  const headers = { authorization: `Bearer ${atoa.token}` };
  const response = await fetch(`${atoa.url}/api/payments/v1/payment-status/${id}`, { headers });
  if (!response.ok) throw new Error(`no status: ${response.status}`);
  return /** @type {{ status: string }} */ (await response.json()).status === "COMPLETED";
}
