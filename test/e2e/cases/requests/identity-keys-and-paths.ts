import { type Case, sends } from "../case";

/** Good lines: whoami, keys, and any path by get, post and delete. */

export const rest: readonly Case[] = [
  sends("whoami", "GET /api/cli/identity", undefined, { stdout: { context: { profile: { value: "acme" } } } }),
  {
    line: "whoami --env production",
    sends: [{ request: "GET /api/cli/identity", with: "production" }],
    stdout: { key: { env: "PRODUCTION" } },
  },
  sends("--profile acme whoami", "GET /api/cli/identity"),
  sends("whoami --profile=acme --env sandbox", "GET /api/cli/identity"),
  sends("get /api/payments/stores", "GET /api/payments/stores"),
  sends("get /api/customers -d page=0 -d size=20", "GET /api/customers?page=0&size=20"),
  sends("get /api/customers --data page=0 -dsize=5", "GET /api/customers?page=0&size=5"),
  sends("get /api/customers/:id -d id=cust_123", "GET /api/customers/cust_123"),
  sends("get '/api/customers?page=1&size=2'", "GET /api/customers?page=1&size=2"),
  sends("get /api/customers -d 'search=a=b&c'", "GET /api/customers?search=a%3Db%26c"),
  sends("get -- /api/payments/stores", "GET /api/payments/stores"),
  sends("post /api/customers --data @body.json", "POST /api/customers", {
    fullName: "Mill Lane Ltd",
    email: "mill@example.com",
  }),
  sends("post /api/customers --data @bom.json", "POST /api/customers", {
    fullName: "Mill Lane Ltd",
    email: "mill@example.com",
  }),
  sends(
    "post /api/customers --data -",
    "POST /api/customers",
    { fullName: "Piped Ltd", email: "piped@example.com" },
    { stdin: '{"fullName":"Piped Ltd","email":"piped@example.com"}' },
  ),
  sends("post /api/refund -d paymentRequestId=pr_abc123 -d amount=1.50 --idempotencyKey ci-42", "POST /api/refund", {
    paymentRequestId: "pr_abc123",
    amount: 1.5,
  }),
  sends(
    "post /api/x/:id/y -d id=a/b -d n=-1.5 -d t=true -d f=false -d z=null -d s=007 -d e=1e3 -d empty=",
    "POST /api/x/a%2Fb/y",
    { n: -1.5, t: true, f: false, z: null, s: "007", e: "1e3", empty: "" },
    { faults: ['POST /api/x/** status=200 body={"ok":true}'], stdout: { ok: true } },
  ),
  sends("delete /api/customers/cust_123 --yes", "DELETE /api/customers/cust_123"),
  sends("keys revoke sda_other --yes", "DELETE /api/cli/api-access/sda_other", undefined, {
    faults: ["DELETE /api/cli/api-access/* status=204 body="],
  }),
  sends("keys regenerate sda_other --yes", "POST /api/cli/api-access/sda_other/regenerate", undefined, {
    faults: ['POST /api/cli/api-access/*/regenerate status=200 body={"apiSecret":"brand-new"}'],
    stdout: "brand-new",
  }),
  sends("customers get a/b?c#d%e", "GET /api/customers/a%2Fb%3Fc%23d%25e", undefined, {
    faults: ['GET /api/customers/* status=200 body={"id":"odd"}'],
  }),
];
