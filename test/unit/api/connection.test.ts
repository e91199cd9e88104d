import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { Connection } from "../../../src/api/connection";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("a response that was used up can be collected while the walk that asked for it goes on", async () => {
  const server = createServer((_request, response) => response.end("x".repeat(1000)));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connection = new Connection({ timeoutMs: 10_000, proxy: undefined });
    const walk = new AbortController();
    const bodies: WeakRef<Uint8Array>[] = [];
    for (let page = 0; page < 20; page += 1) {
      const { body } = await connection.send({ method: "GET", origin, path: "/", headers: {} }, [walk.signal]);
      expect(body.byteLength).toBe(1000);
      bodies.push(new WeakRef(body));
    }
    for (let round = 0; round < 3; round += 1) {
      await turn();
      collectGarbage();
    }
    // undici may hold on to the last one.
    expect(bodies.filter((body) => body.deref() !== undefined).length).toBeLessThan(3);
    walk.abort();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
