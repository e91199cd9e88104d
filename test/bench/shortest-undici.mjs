// The yardstick of `npm run bench:start`: the shortest script that does what `atoa stores list` does.
import { readFileSync } from "node:fs";
import { request } from "undici";

const [tokenFile = "", origin] = process.argv.slice(2);
const { body } = await request(`${origin}/api/payments/stores`, {
  headers: { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}` },
});
process.stdout.write(`${JSON.stringify(await body.json(), null, 2)}\n`);
