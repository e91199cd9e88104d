#!/usr/bin/env node

// The program from its sources: builds dist/ anew, then is bin/run.js. What it says of the build goes to stderr.
const { execFileSync } = require("node:child_process");
const { join } = require("node:path");

execFileSync(process.execPath, [join(__dirname, "../build/build.mjs")], { stdio: ["ignore", "ignore", "inherit"] });
require("./run.js");
