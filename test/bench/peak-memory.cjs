// Loaded with --require: says on stderr, when the process ends, how much memory it held at most, in kibibytes.
process.on("exit", () => {
  require("node:fs").writeSync(2, `\npeak ${process.resourceUsage().maxRSS}\n`);
});
