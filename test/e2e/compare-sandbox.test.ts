import { createServer } from "node:http";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@atoapayments/atoa-cli/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { execute, root } from "./program";

/** `npm run compare:sandbox`, with a second emulator in the place of the real sandbox. `execute` looks for tokens in all output. */

let sandbox: Emulator;
beforeEach(async () => {
  sandbox = await startEmulator({ seed: "another business" });
});
afterEach(() => sandbox.close());

const compare = (origin = sandbox.origin, token = sandbox.tokens.sandbox) =>
  execute([join(root, "test/sandbox/compare.mjs"), origin], { stdin: `${token}\n` });

/** The lines below a call, without their margin. */
function said(stdout: string, call: string): string[] {
  const lines = stdout.split("\n");
  const below = lines.slice(lines.findIndex((line) => line.startsWith(`DIFFERS  ${call} (`)) + 1);
  return below
    .slice(
      0,
      below.findIndex((line) => !line.startsWith(" ")),
    )
    .map((line) => line.trim());
}

describe("compare:sandbox", () => {
  it("finds no difference between two emulators, and leaves no payment open", async () => {
    const outcome = await compare();
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(outcome.stdout).toMatch(/^37 calls, 0 with differences$/m);
    expect(outcome.stdout).not.toContain("DIFFERS");
    const made = sandbox.payments({ orderId: "compare-sandbox" });
    expect(made.map(({ status }) => status)).toEqual(["CANCELLED"]);
  });

  it("names what differs: status, error code, fields and kinds of values, and what our file does not allow", async () => {
    const token = sandbox.tokens.sandbox;
    sandbox.addFaults(
      JSON.stringify([
        {
          path: "/api/payments/stores",
          times: 1,
          status: 200,
          body: { page: "0", data: [{ id: 7, [token]: "\u001b[2J" }] },
        },
        { method: "POST", path: "/api/refund", times: 1, status: 422, body: { status: 422, name: "NOT_PAID" } },
        { path: "/api/institutions", kind: "broken-json" },
        { path: `/api/customers/*`, kind: "echo-token" },
      ]),
    );
    const { code, stdout } = await compare();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^37 calls, 4 with differences$/m);
    expect(said(stdout, "lists stores")).toEqual([
      "page: sandbox text, emulator number",
      "data[].id: sandbox number, emulator id",
      "data[].[REDACTED]: only in the sandbox",
      "size: only in the emulator",
      ...["locationName", "addressLine1", "addressLine2", "addressPostalCode", "cityOrTown", "primary", "enabled"].map(
        (name) => `data[].${name}: only in the emulator`,
      ),
      "data[].images: only in the emulator",
      "totalCount: only in the emulator",
      "the sandbox's response is not as the OpenAPI file says: size is required",
    ]);
    expect(said(stdout, "refunds it, unpaid")).toEqual([
      "status: sandbox 422, emulator 400",
      "name: sandbox NOT_PAID, emulator PAYMENT_NOT_REFUNDABLE",
      "message: only in the emulator",
    ]);
    expect(said(stdout, "lists banks")).toContain("body: sandbox no JSON, emulator list");
    expect(stdout).toContain("DIFFERS  reads nobody's customer");
    expect(stdout).not.toContain("\u001b");
  });

  it("tells a replayed payment from a new one, and cancels the new one too", async () => {
    // A sandbox that knows no idempotency keys.
    const front = createServer((request, response) => {
      const { "idempotency-key": _, host: __, connection: ___, ...headers } = request.headers as Record<string, string>;
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", async () => {
        const { method = "GET", url = "/" } = request;
        const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
        const passed = await sandbox.fetch(url, { method, headers, ...body });
        response.writeHead(passed.status, { "content-type": "application/json" }).end(await passed.text());
      });
    });
    await new Promise<void>((done) => front.listen(0, "127.0.0.1", done));
    const { code, stdout } = await compare(`http://127.0.0.1:${(front.address() as { port: number }).port}`);
    front.close();
    expect(code).toBe(1);
    expect(said(stdout, "repeats it with its key")).toEqual([
      "paymentRequestId: sandbox id, emulator the payment's own id",
    ]);
    expect(said(stdout, "changes it under its key")).toContain("status: sandbox 200, emulator 422");
    const made = sandbox.payments({ orderId: "compare-sandbox" });
    expect(made.map(({ status }) => status)).toEqual(["CANCELLED", "CANCELLED", "CANCELLED"]);
  });

  it("asks nothing more of a token that is no sandbox token, nor without one", async () => {
    const outcome = await compare(sandbox.origin, sandbox.tokens.production);
    expect(outcome).toMatchObject({ code: 2, stdout: "This is no sandbox token; nothing else was sent\n" });
    expect(sandbox.requests().map(({ path }) => path)).toEqual(["/api/cli/identity"]);
    expect(await compare(sandbox.origin, "")).toMatchObject({ code: 2, stdout: expect.stringContaining("on stdin") });
    const nobody = await compare("http://127.0.0.1:1");
    expect(nobody).toMatchObject({ code: 2, stdout: expect.stringContaining("could not be asked") });
  });
});
