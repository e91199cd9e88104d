<?php
// WEBHOOK_SECRET=… php -S 127.0.0.1:3000 receiver.php    whsec_… checks v2 deliveries, an API token v1
$secret = (string) getenv('WEBHOOK_SECRET');
if ($secret === '') {
    http_response_code(503); // With an empty key, anyone could sign.
    error_log('set WEBHOOK_SECRET');
    return;
}

function is_genuine(string $secret, string $body, string $header, mixed $event): bool
{
    if (str_starts_with($secret, 'whsec_')) {
        $key = base64_decode(substr($secret, strlen('whsec_')));
        return hash_equals('v1=' . hash_hmac('sha256', $body, $key), $header);
    }
    $text = fn (string $name): string => is_scalar($event[$name] ?? null) ? (string) $event[$name] : '';
    if (!is_array($event)) {
        return false;
    }
    $id = isset($event['refundId']) ? $text('refundId') : $text('paymentRequestId');
    return hash_equals(hash_hmac('sha256', $text('orderId') . '|' . $id, $secret), $text('signatureHash'));
}

$body = (string) file_get_contents('php://input'); // The raw bytes, as received.
if (strlen($body) > 1024 * 1024) {
    http_response_code(413);
    return;
}
$event = json_decode($body, true);
if (!is_genuine($secret, $body, $_SERVER['HTTP_X_ATOA_SIGNATURE'] ?? '', $event)) {
    http_response_code(401);
    return;
}
// Genuine. Save it here and act on it later: deliveries may be repeated or arrive out of order.
http_response_code(200);
