import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { readManifest, sampleArgv } from "../manifest";
import { times } from "../scale.mjs";
import { codePoint, Driver, fc, paired, serve, token } from "./cases";

/** Answers of a server that has lost its mind, for every command that asks one. */

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const commands = readManifest();
/** `webhooks listen` goes on until it is stopped. */
const asking = Object.entries(commands).filter(
  ([id, { flags }]) => ("verbose" in flags && id !== "webhooks:listen") || id === "login",
);

const names = [
  "data",
  "content",
  "totalCount",
  "page",
  "size",
  "last",
  "hasMore",
  "totalPages",
  "number",
  "status",
  "message",
  "error",
  "errorCode",
  "name",
  "token",
  "environment",
  "env",
  "merchantId",
  "businessName",
  "sdkAccessId",
  "id",
  "amount",
  "createdAt",
  "__proto__",
];

/** JSON in the shape of the API's envelopes, with the wrong things in it. */
const { shaped } = fc.letrec<{ shaped: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(
      null,
      true,
      false,
      0,
      -1,
      1e308,
      "",
      "COMPLETED",
      "sandbox",
      "\u001b[31mx",
      "\u009b31m",
      "\ud800",
      token,
    ),
    fc.string({ unit: codePoint, maxLength: 30 }),
    fc.double(),
  ),
  shaped: fc.oneof(
    { maxDepth: 4 },
    tie("leaf"),
    fc.array(tie("shaped"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, fc.string({ unit: codePoint })),
      tie("shaped"),
      {
        maxKeys: 6,
      },
    ),
  ),
}));

const encode = (text: string) => new TextEncoder().encode(text);
const body = fc.oneof(
  { weight: 8, arbitrary: shaped.map((value) => encode(JSON.stringify(value) ?? "")) },
  { weight: 1, arbitrary: fc.json().map(encode) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.tuple(fc.json(), fc.nat(40)).map(([text, at]) => encode(text.slice(0, at))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", " ", "null", "\ufeff{}", "<html>", "[".repeat(5000), '"\\u0000"').map(encode),
  },
);

const headers = fc.dictionary(
  fc.constantFrom("content-type", "retry-after", "x-request-id", "location", "content-encoding", "x-other"),
  fc.oneof(
    fc.constantFrom("application/json", "text/html", "99", "0", "-1", "Wed, 21 Oct 2065 07:28:00 GMT", "gzip", token),
    fc.string({ maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, "")),
  ),
  { maxKeys: 3 },
);

const status = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(200, 201, 204) },
  { weight: 4, arbitrary: fc.constantFrom(301, 307, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503) },
  { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
);

const answers: fc.Arbitrary<Answer> = fc.record({ status, headers, body });

const extras = fc.subarray(["--verbose", "--pageAll"]);

describe("answers", () => {
  it.each([0, 1])("random ones for every command, half %i", async (half) => {
    let answer: Answer = { status: 200, headers: {}, body: new Uint8Array() };
    let asked = 0;
    const origin = await serve((_: IncomingMessage, response: ServerResponse) => {
      // A second request of one command (the next page) gets an end.
      const given = asked++ === 0 ? answer : { status: 404, headers: {}, body: encode('{"message":"the end"}') };
      response.writeHead(given.status, { ...given.headers }).end(given.body);
    });
    const driver = new Driver({ ATOA_BASE_URL: origin });
    const home = paired(origin);
    const mine = asking.filter((_, index) => index % 2 === half);
    const runs = times(40, 2);
    let reached = 0;
    for (const [id, command] of mine) {
      const start = sampleArgv(id, command);
      if (id === "login") start.push("--stdin", "--env", "sandbox");
      const known = (flag: string) => flag.slice(2) in command.flags;
      await fc.assert(
        fc.asyncProperty(answers, fc.constantFrom("json", "table", "yaml"), extras, async (next, format, more) => {
          answer = next;
          asked = 0;
          const argv = [...start, ...(id === "login" ? [] : ["--output", format]), ...more.filter(known)];
          await driver.run({ argv, stdin: token, ...home, env: { ATOA_TIMEOUT: "3" } });
          if (asked > 0) reached++;
        }),
        { numRuns: runs },
      );
    }
    expect(reached).toBeGreaterThan(mine.length * runs * 0.8);
  });
});
