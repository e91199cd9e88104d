import json
import os
import unittest
from urllib.request import Request, urlopen

ATOA = os.environ["ATOA_EMULATOR_URL"]
TOKEN = os.environ["ATOA_EMULATOR_SANDBOX_TOKEN"]


def call(method, path, body=None):
    request = Request(ATOA + path, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", f"Bearer {TOKEN}")
    request.add_header("Content-Type", "application/json")
    with urlopen(request, timeout=10) as response:
        return json.load(response)


class Checkout(unittest.TestCase):
    def pay(self, action):
        payment = call("POST", "/api/payments/process-payment", {"orderId": "order-001", "amount": 25})["paymentRequestId"]
        call("POST", f"/__emulator/payments/{payment}/{action}")
        return call("GET", f"/api/payments/v1/payment-status/{payment}")["status"]

    def test_paid_when_the_customer_approves(self):
        self.assertEqual(self.pay("approve"), "COMPLETED")

    def test_failed_when_the_bank_declines(self):
        self.assertEqual(self.pay("decline"), "FAILED")


if __name__ == "__main__":
    unittest.main()
