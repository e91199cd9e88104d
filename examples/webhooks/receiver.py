# WEBHOOK_SECRET=… python3 receiver.py 3000    whsec_… checks v2 deliveries, an API token v1
import base64, hashlib, hmac, json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

secret = os.environ.get("WEBHOOK_SECRET", "")
if secret == "":
    sys.exit("set WEBHOOK_SECRET")  # With an empty key, anyone could sign.


def same(text, given):
    return hmac.compare_digest(text.encode(), str(given).encode("utf-8", "replace"))


def is_genuine(body, header, event):
    if secret.startswith("whsec_"):
        key = base64.b64decode(secret[len("whsec_"):])
        return same("v1=" + hmac.new(key, body, hashlib.sha256).hexdigest(), header)
    if not isinstance(event, dict):
        return False
    ids = f"{event.get('orderId')}|{event.get('refundId') or event.get('paymentRequestId')}"
    return same(hmac.new(secret.encode(), ids.encode("utf-8", "replace"), hashlib.sha256).hexdigest(), event.get("signatureHash"))


def parse(body):
    try:
        return json.loads(body)
    except ValueError:
        return None


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > 1024 * 1024:
            return self.answer(413)
        body = self.rfile.read(length)  # The raw bytes, as received.
        event = parse(body)
        if not is_genuine(body, self.headers.get("X-Atoa-Signature"), event):
            return self.answer(401)
        # Genuine. Save it here and act on it later: deliveries may be repeated or arrive out of order.
        if isinstance(event, dict):
            print(event.get("orderId"), event.get("status"), flush=True)
        self.answer(200)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 3000), Receiver)
print("ready", flush=True)
server.serve_forever()
