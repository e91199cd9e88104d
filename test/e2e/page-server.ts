import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Pairable } from "./pairing";

/** A server that answers the n-th page as a test likes: envelopes and lies that no honest server has. */
export interface PageServer extends Pairable {
  /** Pages asked for, in order of arrival. */
  readonly asked: number[];
  /**
   * What it answers from now on: the body of a page, as data or as its very text; a number, which is the status of a
   * refusal; or undefined, which is never an answer.
   */
  answers(body: PageBody): void;
  close(): Promise<void>;
}

type PageBody = (page: number, size: number, path: string) => unknown;

export async function startPageServer(): Promise<PageServer> {
  let body: PageBody = () => [];
  const asked: number[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
    response.setHeader("content-type", "application/json");
    if (pathname === "/api/cli/identity") {
      response.end('{"merchantId":"m-1","key":{"sdkAccessId":"sda_pages"}}');
      return;
    }
    const page = Number(searchParams.get("page"));
    asked.push(page);
    const answer = body(page, Number(searchParams.get("size")), pathname);
    if (answer === undefined) return;
    response.statusCode = typeof answer === "number" ? answer : 200;
    if (typeof answer === "string") response.end(answer);
    else response.end(JSON.stringify(typeof answer === "number" ? { message: "no more" } : answer));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    merchantId: "m-1",
    businessName: "Pages",
    tokens: { sandbox: "test-token-sandbox-pages", production: "test-token-production-pages" },
    asked,
    answers: (wish) => {
      body = wish;
      asked.length = 0;
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

/** Items number from to from + count of a list. */
export function items(from: number, count: number): { id: string }[] {
  return Array.from({ length: Math.max(0, count) }, (_, index) => ({ id: `item-${from + index}` }));
}
