#!/usr/bin/env node

const { join } = require("node:path");

if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === "0") {
  process.stderr.write(
    "error: NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate validation and is not permitted — unset it; " +
      "for a CA of your own set NODE_EXTRA_CA_CERTS=/path/to/ca.pem\n",
  );
  process.exitCode = 1;
} else {
  const root = join(__dirname, "..");
  require("../dist/main.js")
    .main(process.argv.slice(2), root)
    .then((code) => process.exit(code));
}
