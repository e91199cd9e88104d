// @ts-check
/**
 * Keeps undici from loading Node's own HTTP modules, which take a tenth of the time of a whole command and serve nothing
 * here: it speaks HTTP/1.1 by itself, and HTTP/2 is not switched on.
 */
import { readFile } from "node:fs/promises";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { replaceOnce } from "./replace-once.mjs";

const library = fileURLToPath(new URL("../node_modules/undici/lib/", import.meta.url));

/** @type {Readonly<Record<string, readonly (readonly [find: string, replacement: string])[]>>} */
const changes = {
  "dispatcher/client-h2.js": [["http2 = require('node:http2')", "throw new Error('atoa is built without HTTP/2')"]],
  "dispatcher/client.js": [
    ["const http = require('node:http')\n", ""],
    [
      `const getDefaultNodeMaxHeaderSize = http &&
  http.maxHeaderSize &&
  Number.isInteger(http.maxHeaderSize) &&
  http.maxHeaderSize > 0
  ? () => http.maxHeaderSize`,
      "const getDefaultNodeMaxHeaderSize = true ? () => require('node:http').maxHeaderSize",
    ],
  ],
  "core/util.js": [
    ["const { IncomingMessage } = require('node:http')\n", ""],
    [".constructor === IncomingMessage", ".constructor === require('node:http').IncomingMessage"],
  ],
};

/** @returns {import("esbuild").Plugin} */
export function slimUndici() {
  return {
    name: "slim-undici",
    setup(build) {
      build.onLoad({ filter: /[\\/]undici[\\/]lib[\\/](core|dispatcher)[\\/]/ }, async ({ path }) => {
        const file = relative(library, path).split(sep).join("/");
        return { contents: replaceOnce(await readFile(path, "utf8"), changes[file] ?? [], `undici's ${file}`) };
      });
    },
  };
}
