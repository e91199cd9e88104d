// @ts-check
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the patterns are source text
/** What `npm run mutate` breaks, one at a time, and which tests should notice. */

/**
 * @typedef {object} Mutation
 * @property {string} file
 * @property {string} find stands once in the file
 * @property {string} replace
 * @property {string} what becomes of the program
 * @property {boolean} [grave] it sends, doubles, loses or shows something: must be killed
 * @property {readonly string[]} [tests] instead of those of the area
 */

/** @type {readonly (readonly [folder: string, tests: readonly string[]])[]} the first that fits counts */
const areas = [
  ["src/api/", ["test/unit/api", "test/e2e/cases.test.ts"]],
  ["src/argv", ["test/unit/argv.test.ts", "test/e2e/cases.test.ts"]],
  ["src/credentials/", ["test/unit/credentials", "test/e2e/state"]],
  ["src/commands/", ["test/e2e/cases.test.ts", "test/e2e/state", "test/e2e/dry-run.test.ts"]],
  ["src/cli/", ["test/unit/cli", "test/e2e/cases.test.ts", "test/e2e/state", "test/e2e/dry-run.test.ts"]],
  ["src/", ["test/unit/terminal", "test/e2e/cases.test.ts", "test/e2e/leaks.test.ts"]],
];

/** @param {Mutation} mutation @returns {readonly string[]} */
export function testsFor({ file, tests }) {
  return tests ?? areas.find(([folder]) => file.startsWith(folder))?.[1] ?? [];
}

/** @type {readonly Mutation[]} */
export const mutations = [
  {
    file: "src/commands/logout.ts",
    find: "    if (flags.dryRun) {\n",
    replace: "    if (flags.dryRun && !flags.revoke) {\n",
    what: "logout --revoke --dryRun revokes and forgets",
    grave: true,
    tests: ["test/e2e/dry-run.test.ts"],
  },
  {
    file: "src/cli/session.ts",
    find: "if (dryRun) return printValue(describeRequest(request), { format });",
    replace: "",
    what: "a dry run sends",
    grave: true,
  },
  {
    file: "src/cli/confirmation.ts",
    find: "if (consent.yes || consent.dryRun) return;",
    replace: "if (consent.dryRun) return;",
    what: "--yes is ignored",
  },
  {
    file: "src/cli/confirmation.ts",
    find: '  requireTerminal(`--yes is needed to ${midSentence(action)}`, "add --yes, or --dryRun to see what would happen");\n',
    replace: "  return;\n",
    what: "what cannot be taken back is done without --yes and without a question",
    grave: true,
  },
  {
    file: "src/cli/confirmation.ts",
    find: "if (await askConfirmation(`${truncate(sanitise(action), 300)}?`)) return;",
    replace: "await askConfirmation(`${truncate(sanitise(action), 300)}?`);\n  return;",
    what: "no at the question means yes",
    grave: true,
    tests: ["test/e2e/terminal"],
  },
  {
    file: "src/commands/refunds/create.ts",
    find: "{ confirm, idempotencyKey }",
    replace: "{ idempotencyKey }",
    what: "a refund does not ask",
    grave: true,
    tests: ["test/e2e/cases.test.ts"],
  },
  {
    file: "src/commands/refunds/create.ts",
    find: "{ confirm, idempotencyKey }",
    replace: "{ confirm }",
    what: "a refund forgets the key of the user",
    grave: true,
    tests: ["test/e2e/cases.test.ts", "test/e2e/road.test.ts"],
  },
  {
    file: "src/commands/post.ts",
    find: "{ idempotencyKey: flags.idempotencyKey, confirmInProduction: `POST ${path}` }",
    replace: "{ confirmInProduction: `POST ${path}` }",
    what: "post forgets the key of the user",
    grave: true,
    tests: ["test/e2e/cases.test.ts"],
  },
  {
    file: "src/api/retry.ts",
    find: "if (attempt > maxRetries) return false;",
    replace: "",
    what: "retries have no end",
    grave: true,
    tests: ["test/unit/api/retry.test.ts"],
  },
  {
    file: "src/api/retry.ts",
    find: "[429, 502, 503, 504]",
    replace: "[429, 500, 502, 503, 504]",
    what: "500 is tried again",
    grave: true,
    tests: ["test/unit/api/retry.test.ts"],
  },
  {
    file: "src/api/retry.ts",
    find: '(method !== "DELETE" || !outcome.connected)',
    replace: "true",
    what: "a DELETE that may have happened is sent again",
    grave: true,
    tests: ["test/unit/api/retry.test.ts"],
  },
  {
    file: "src/api/retry.ts",
    find: 'if (method === "DELETE" || !isRetryable(outcome.status)) return false;',
    replace: "if (!isRetryable(outcome.status)) return false;",
    what: "a DELETE is sent again after 503",
    grave: true,
    tests: ["test/unit/api/retry.test.ts"],
  },
  {
    file: "src/api/retry.ts",
    find: "(outcome.retryAfterMs ?? 0) <= maxRetryAfterMs",
    replace: "true",
    what: "any Retry-After is waited for",
    tests: ["test/unit/api/retry.test.ts"],
  },
  {
    file: "src/api/retry.ts",
    find: "Number(text) * 1000;",
    replace: "Number(text);",
    what: "Retry-After is read as milliseconds",
    tests: ["test/unit/api/retry.test.ts"],
  },
  {
    file: "src/api/request.ts",
    find: "  if (idempotencyKey === undefined) return",
    replace: "  return",
    what: "the key of the user is replaced by a fresh one",
    grave: true,
  },
  {
    file: "src/api/request.ts",
    find: 'checkIdempotencyKey(idempotencyKey, spelling("idempotencyKey"))',
    replace: "idempotencyKey",
    what: "any text goes as a key",
  },
  {
    file: "src/api/idempotency.ts",
    find: 'return method === "POST" || method === "PUT" || method === "PATCH";',
    replace: 'return method === "PUT" || method === "PATCH";',
    what: "a POST carries no key",
    grave: true,
  },
  {
    file: "src/api/request.ts",
    find: 'if (id.trim() === "" || id === "." || id === "..") {',
    replace: 'if (id.trim() === "") {',
    what: ".. is an id",
    grave: true,
  },
  {
    file: "src/api/request.ts",
    find: "if (url === undefined || url.origin !== origin)",
    replace: "if (url === undefined)",
    what: "a path may leave the server",
  },
  {
    file: "src/api/request.ts",
    find: 'if (!path.startsWith("/") || /^\\/[/\\\\]/.test(path))',
    replace: 'if (!path.startsWith("/"))',
    what: "//host is a path",
  },
  {
    file: "src/api/request.ts",
    find: 'secretFields.has(name) ? "<redacted>" : value',
    replace: "value",
    what: "a dry run shows the password of a webhook",
    grave: true,
  },
  {
    file: "src/api/request.ts",
    find: "return encodeURIComponent(id);",
    replace: "return id;",
    what: "an id is sent as it is",
    grave: true,
  },
  {
    file: "src/api/transport.ts",
    find: "if (status >= 500) this.#outcomeUnknown = true;",
    replace: "",
    what: "500 after a write leaves no doubt",
    grave: true,
  },
  {
    file: "src/api/transport.ts",
    find: "if (connected) this.#outcomeUnknown = true;",
    replace: "",
    what: "a lost response leaves no doubt",
    grave: true,
  },
  {
    file: "src/api/transport.ts",
    find: "if (this.#stopped()) throw this.#error(interrupted);",
    replace: "",
    what: "Ctrl-C is a network failure, tried again",
    grave: true,
  },
  {
    file: "src/api/transport.ts",
    find: 'encoding !== "" && encoding !== "identity"',
    replace: 'encoding !== ""',
    what: "content-encoding: identity is refused",
  },
  {
    file: "src/api/transport.ts",
    find: 'token.length >= 16 ? token.slice(-4) : ""',
    replace: "token.slice(-4)",
    what: "--verbose shows most of a short token",
    grave: true,
  },
  {
    file: "src/api/transport.ts",
    find: 'token.length >= 16 ? token.slice(-4) : ""',
    replace: "token",
    what: "--verbose shows the token",
    grave: true,
    tests: ["test/e2e/leaks.test.ts"],
  },
  {
    file: "src/api/paging.ts",
    find: "if (isMissed(page, counted ?? itemsBefore(walk, page), previous)) throw emptyPage(number);",
    replace: "",
    what: "a page that comes empty ends a list as if it were whole",
    grave: true,
  },
  {
    file: "src/api/paging.ts",
    find: "if (previous !== undefined && isRepeated(page, previous)) throw repeated(number);",
    replace: "",
    what: "a server that repeats its page is believed",
    grave: true,
  },
  {
    file: "src/api/paging.ts",
    find: "signs.push(!envelope.hasMore)",
    replace: "signs.push(envelope.hasMore)",
    what: "hasMore is read the wrong way round",
    grave: true,
  },
  {
    file: "src/api/limits.ts",
    find: "seconds > 0 && seconds <= 3600",
    replace: "seconds > 0 && seconds < 3600",
    what: "3600 s are refused",
  },
  {
    file: "src/argv.ts",
    find: 'next === undefined || next === "--" || known.resembles(next)',
    replace: 'next === undefined || next === "--"',
    what: "a flag is taken for the value of another: --notes --dryRun sends",
    grave: true,
  },
  {
    file: "src/argv.ts",
    find: "if (given.has(fact) && !fact.multiple)",
    replace: "if (false)",
    what: "a flag given twice counts once",
  },
  {
    file: "src/argv.ts",
    find: '(wanted === "prod" ? "production" : wanted)',
    replace: "wanted",
    what: "prod is no environment",
  },
  {
    file: "src/argv.ts",
    find: 'if (token === "--") return { words, flags, rest: argv.slice(index + 1) };',
    replace: "",
    what: "-- ends nothing",
  },
  {
    file: "src/argv.ts",
    find: "if (value !== undefined) throw usageError(`${spelled} takes no value`, help);",
    replace: "",
    what: "--dryRun=false is a dry run",
  },
  {
    file: "src/redaction.ts",
    find: 'if (token.trim() === "" || forms.has(token)) return;',
    replace: "return;",
    what: "nothing is hidden",
    grave: true,
  },
  {
    file: "src/redaction.ts",
    find: "new Set([inJsonInJson, inJson, token, inUrl, base64])",
    replace: "new Set([inJsonInJson, inJson, token, inUrl])",
    what: "base64 of a token is shown",
    grave: true,
  },
  {
    file: "src/redaction.ts",
    find: "new Set([inJsonInJson, inJson, token, inUrl, base64])",
    replace: "new Set([inJsonInJson, inJson, token, base64])",
    what: "a token in a URL is shown",
    grave: true,
  },
  {
    file: "src/redaction.ts",
    find: "[redact(name), redactValue(field)]",
    replace: "[name, redactValue(field)]",
    what: "a token that is a field name is shown",
    grave: true,
  },
  {
    file: "src/credentials/tokens.ts",
    find: 'if (token !== "") registerSecret(token);',
    replace: "",
    what: "a typed token is not hidden",
    grave: true,
    tests: ["test/e2e/state", "test/e2e/leaks.test.ts", "test/unit/credentials"],
  },
  {
    file: "src/credentials/tokens.ts",
    find: "const token = text.trim();",
    replace: "const token = text;",
    what: "blanks around a token stay",
  },
  {
    file: "src/cli/poll.ts",
    find: "await within(end - performance.now(), send())",
    replace: "await send()",
    what: "a question that hangs outlives the limit",
    tests: ["test/unit/cli/poll.test.ts"],
  },
  {
    file: "src/cli/poll.ts",
    find: "if (last === undefined || !isRetryable(error)) throw error;",
    replace: "if (last === undefined) throw error;",
    what: "a 401 does not end a poll",
    tests: ["test/unit/cli/poll.test.ts"],
  },
  {
    file: "src/cli/poll.ts",
    find: "if (last === undefined) throw unanswered(limit);",
    replace: "",
    what: "a poll without any response ends well",
    grave: true,
    tests: ["test/unit/cli/poll.test.ts"],
  },
];
