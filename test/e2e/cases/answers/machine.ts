import type { Case } from "../case";

const noTls =
  "NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate validation and is not permitted — unset it; for your own CA, set NODE_EXTRA_CA_CERTS=/path/to/ca.pem";

/** What this machine holds and how it is set up. */
export const profiles: readonly Case[] = [
  {
    line: "webhooks create --url https://a.example.com --event PAYMENTS_STATUS --authentication secret",
    code: 3,
    stderr: "error: --authentication is not valid JSON — give an object such as",
  },
  { line: "whoami --profile nope", code: 4, error: 'No profile named "nope" (from --profile) — choose one of: acme' },
  {
    line: "whoami",
    env: { ATOA_PROFILE: "nope" },
    code: 4,
    error: 'No profile named "nope" (from ATOA_PROFILE) — choose one of: acme',
  },
  { line: "whoami --profile acme", env: { ATOA_PROFILE: "nope" }, sends: [{ request: "GET /api/cli/identity" }] },
  { line: "whoami", env: { ATOA_PROFILE: "acme" }, sends: [{ request: "GET /api/cli/identity" }] },
  {
    line: "stores list",
    env: { ATOA_BASE_URL: "http://localhost:9" },
    code: 3,
    stderr:
      "but this command would go to http://localhost:9 (from ATOA_BASE_URL) — set ATOA_BASE_URL=http://127.0.0.1:",
  },
  {
    line: "stores list --dryRun",
    env: { ATOA_BASE_URL: "http://localhost:9" },
    code: 3,
    stderr:
      "but this command would go to http://localhost:9 (from ATOA_BASE_URL) — set ATOA_BASE_URL=http://127.0.0.1:",
  },
  { line: "stores list", env: { ATOA_BASE_URL: "" }, code: 3 },
  {
    line: "stores list",
    env: { ATOA_BASE_URL: "http://api.example.com" },
    code: 3,
    error:
      "ATOA_BASE_URL must use https; plain http is only allowed for this machine — set it to an origin such as https://api.atoa.me, or unset it",
  },
  {
    line: "stores list",
    env: { ATOA_BASE_URL: "nonsense" },
    code: 3,
    error: "ATOA_BASE_URL must be an http or https URL — set it to an origin such as https://api.atoa.me, or unset it",
  },
  {
    line: "stores list",
    env: { ATOA_BASE_URL: "https://user:pass@api.example.com" },
    code: 3,
    error:
      "ATOA_BASE_URL must not contain a user name or password — set it to an origin such as https://api.atoa.me, or unset it",
  },
  { line: "stores list", env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, code: 1, error: noTls },
  { line: "--version", env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, code: 1, error: noTls },
  { line: "profile list", env: { ATOA_HOME: "/nonexistent-home" }, stdout: [] },
  { line: "whoami", env: { ATOA_HOME: "/nonexistent-home" }, code: 2 },
  { line: "profile show nope", code: 4 },
  { line: "profile use nope", code: 4 },
  { line: "profile delete nope --yes", code: 4 },
  { line: "profile rename nope other --yes", code: 4 },
  { line: "logout --profile nope --yes", code: 4 },
  {
    line: "login --stdin",
    stdin: "not-a-known-token",
    code: 2,
    sends: [{ request: "GET /api/cli/identity", with: null }],
  },
  { line: "login --stdin", stdin: "has a blank", code: 3 },
  { line: "login --stdin", stdin: "tökën", code: 3 },
  { line: "login --stdin", stdin: "x".repeat(8193), code: 3 },
];
