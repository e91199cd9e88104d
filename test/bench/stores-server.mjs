// Answers every request with a page of stores, at once. Says its origin when it listens.
import { createServer } from "node:http";

const stores = Array.from({ length: 10 }, (_, index) => ({
  id: `store_${index}`,
  locationName: `Branch ${index}`,
  addressLine1: `${index} High Street`,
  cityOrTown: "Leeds",
  addressPostalCode: "LS1 4AP",
  primary: index === 0,
  enabled: true,
}));
const body = JSON.stringify(stores);
const server = createServer((_, response) => {
  response.setHeader("content-type", "application/json").end(body);
});
server.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
