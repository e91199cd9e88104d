import { type Case, sends } from "../case";

/** Good lines: bank feed, stores, institutions and payouts. */

export const money: readonly Case[] = [
  sends("bank-feed initiate --redirectUrl https://example.com/bank/return", "POST /api/bank/auth/initiate", {
    redirectUrl: "https://example.com/bank/return",
  }),
  sends("bank-feed initiate --redirectUrl shop://return --callbackParams ref=42", "POST /api/bank/auth/initiate", {
    redirectUrl: "shop://return",
    callbackParams: "ref=42",
  }),
  sends("bank-feed accounts auth_999", "GET /api/bank/auth_999/accounts"),
  sends("bank-feed account acct_111", "GET /api/bank/accounts/acct_111"),
  sends("bank-feed balance acct_111", "GET /api/bank/accounts/acct_111/balance"),
  sends(
    "bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01",
    "GET /api/bank/accounts/acct_111/transactions?page=0&itemsPerPage=20&from=2026-01-01&before=2026-02-01",
  ),
  sends(
    "bank-feed transactions acct_111 --from 2026-01-01 --before 2026-02-01 --page 1 --items-per-page 3",
    "GET /api/bank/accounts/acct_111/transactions?page=1&itemsPerPage=3&from=2026-01-01&before=2026-02-01",
  ),
  sends("bank-feed revoke --accountAuthId auth_999 --yes", "POST /api/bank/auth/revoke", { accountAuthId: "auth_999" }),
  sends("bank-feed revoke --yes", "POST /api/bank/auth/revoke"),
  sends("stores list", "GET /api/payments/stores"),
  sends("institutions list", "GET /api/institutions"),
  sends("payouts list", "GET /api/payouts?page=0&limit=20"),
  sends(
    "payouts list --page 0 --limit 5 --fromDate 2026-01-01 --toDate 2026-12-31 --orderBy createdAt --status COMPLETED --search APY",
    "GET /api/payouts?page=0&limit=5&fromDate=2026-01-01&toDate=2026-12-31&orderBy=createdAt&status=COMPLETED&search=APY",
  ),
  sends("payouts list --status completed", "GET /api/payouts?page=0&limit=20&status=COMPLETED"),
  sends(
    "payouts list --size 3 --from 2026-01 --to 2026-02",
    "GET /api/payouts?page=0&limit=3&fromDate=2026-01-01&toDate=2026-02-28",
  ),
  sends("payouts transactions po_555 --size 2", "GET /api/payouts/po_555/transactions?page=0&limit=2"),
  sends(
    "bank-feed transactions acct_111 --from 2026-01-01 --to 2026-01-31 --limit 7",
    "GET /api/bank/accounts/acct_111/transactions?page=0&itemsPerPage=7&from=2026-01-01&before=2026-02-01",
  ),
  sends(
    "bank-feed transactions acct_111 --from 2024-02 --before 2024-02 --size 7",
    "GET /api/bank/accounts/acct_111/transactions?page=0&itemsPerPage=7&from=2024-02-01&before=2024-03-01",
  ),
  sends("payouts list --status whatever", "GET /api/payouts?page=0&limit=20&status=whatever"),
  sends("payouts transactions po_555", "GET /api/payouts/po_555/transactions?page=0&limit=20"),
  sends("payouts transactions po_555 --page 0 --limit 2", "GET /api/payouts/po_555/transactions?page=0&limit=2"),
];
