// @ts-check
/**
 * Draws docs/demo.svg: what a terminal shows of a real run against the emulator, in its colours. `npm run docs:picture`.
 *
 * Each command runs in a terminal of its own (the program `script` makes one); what it prints becomes text of the picture.
 */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const program = join(root, "bin/run.js");
const columns = 104;

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Runs `atoa` in a terminal.
 * @param {string} line as typed, without the program's name
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ output: string, code: number }>} all that the terminal got, and the exit code
 */
async function inTerminal(line, env) {
  const command = `stty cols ${columns} rows 60; ${quoted(process.execPath)} ${quoted(program)} ${line}`;
  const script = promisify(execFile)("script", ["-qec", command, "/dev/null"], { env });
  const { stdout, code = 0 } = await script.catch((error) => error);
  return { output: String(stdout).replaceAll("\r\n", "\n"), code };
}

/** @returns {Promise<string>} the run, as a terminal gets it */
async function record() {
  const home = await mkdtemp(join(tmpdir(), "atoa-picture-"));
  const { NO_COLOR: _, FORCE_COLOR: __, ATOA_PROFILE: ___, ...inherited } = process.env;
  const env = { ...inherited, ATOA_HOME: home, TERM: "xterm-256color" };
  const emulator = spawn(process.execPath, [program, "emulator", "start", "--port", "0", "--output", "json"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const first = await createInterface({ input: emulator.stdout })[Symbol.asyncIterator]().next();
    const { origin, tokens } = JSON.parse(first.value);
    Object.assign(env, { ATOA_BASE_URL: origin });
    const login = execFile(process.execPath, [program, "login", "--stdin", "--profile", "acme"], { env });
    login.stdin?.end(tokens.sandbox);
    await new Promise((done) => login.on("close", done));
    return await session(env, origin);
  } finally {
    emulator.kill();
    await rm(home, { recursive: true, force: true });
  }
}

/** @param {NodeJS.ProcessEnv} env @param {string} origin */
async function session(env, origin) {
  let text = "";
  const run = async (/** @type {string} */ line) => {
    const { output, code } = await inTerminal(line, env);
    text += `\u001b[1m$ atoa ${line}\u001b[22m\n${output}\n`;
    if (code !== 0) text += `\u001b[1m$ echo $?\u001b[22m\n${code}\n`;
    return output;
  };
  const created = await run("payments create --amount 25.00 --orderId order-001");
  const id = /"paymentRequestId": "([^"]+)"/.exec(created.replace(/\u001b\[[\d;]*m/g, ""))?.[1] ?? "";
  text += "\u001b[2m# Your customer opens paymentUrl and approves.\u001b[22m\n\n";
  await fetch(`${origin}/__emulator/payments/${id}/approve`, { method: "POST" });
  await run("payments transactions --size 3 --output table");
  await run(`refunds create --paymentRequestId ${id} --amount 5.00 --yes`);
  await run("payments create --amount 10.005 --orderId order-002");
  return text;
}

/**
 * What the terminal shows in the end: a line that is written again from its start, or wiped, is gone.
 * @param {string} text
 */
function settled(text) {
  const wiped = /^.*(?:\u001b\[2?K|\r)(?=.)/;
  return text
    .split("\n")
    .map((line) => line.replace(/\r$/, "").replace(wiped, ""))
    .flatMap(wrapped);
}

/** @param {string} line @returns {string[]} as many lines as the terminal needs for it, colours going on */
function wrapped(line) {
  const tokens = line.match(/\u001b\[[\d;?]*[A-Za-z]|./gu) ?? [];
  const lines = [""];
  let [width, colours] = [0, ""];
  for (const token of tokens) {
    if (token.startsWith("\u001b")) colours += token;
    else if (width === columns) {
      lines.push(colours);
      width = 0;
    }
    if (!token.startsWith("\u001b")) width++;
    lines[lines.length - 1] += token;
  }
  return lines;
}

const palette = {
  page: "#10141a",
  text: "#d7dde5",
  bold: "#ffffff",
  dim: "#8792a2",
  /** @type {Record<number, string>} */
  codes: { 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 34: "#79c0ff", 35: "#d2a8ff", 36: "#76e3ea", 90: "#8792a2" },
};
const cell = { width: 8.4, height: 19, size: 14 };
const margin = 20;

/** How the next piece of text looks. */
class Pen {
  colour = "";
  bold = false;
  dim = false;

  /** @param {string} piece a colour sequence of the terminal, or anything else, which changes nothing */
  take(piece) {
    const codes = /^\u001b\[([\d;]*)m$/.exec(piece)?.[1]?.split(";").map(Number);
    for (const code of codes ?? []) this.#apply(code);
  }

  /** @param {number} code */
  #apply(code) {
    if (code === 0 || code === 22) [this.bold, this.dim] = [false, false];
    if (code === 0 || code === 39) this.colour = "";
    if (code === 1) this.bold = true;
    if (code === 2) this.dim = true;
    this.colour = palette.codes[code] ?? this.colour;
  }

  get attributes() {
    const plain = this.bold ? palette.bold : this.dim ? palette.dim : palette.text;
    return `fill="${this.colour || plain}"${this.bold ? ' font-weight="600"' : ""}`;
  }
}

/**
 * One line as SVG: text, and coloured pieces of it.
 * @param {string} line @param {number} row
 */
function drawn(line, row) {
  const pen = new Pen();
  const pieces = line.split(/(\u001b\[[\d;?]*[A-Za-z])/).map((piece) => {
    pen.take(piece);
    if (piece === "" || piece.startsWith("\u001b")) return "";
    return `<tspan ${pen.attributes}>${escaped(piece)}</tspan>`;
  });
  const y = margin + 28 + row * cell.height;
  return `<text x="${margin}" y="${y}" xml:space="preserve">${pieces.join("")}</text>`;
}

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** @param {string[]} lines */
function picture(lines) {
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = margin * 2 + 18 + lines.length * cell.height;
  const lights = ["#ff5f57", "#febc2e", "#28c840"].map(
    (fill, index) => `<circle cx="${margin + index * 18}" cy="18" r="5" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A payment created, found among the transactions, refunded, and a wrong amount refused">
<rect width="${width}" height="${height}" rx="8" fill="${palette.page}"/>
${lights.join("")}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${cell.size}">
${lines.map(drawn).join("\n")}
</g>
</svg>
`;
}

const lines = settled((await record()).trimEnd());
await writeFile(join(root, "docs/demo.svg"), picture(lines));
process.stdout.write(`drew docs/demo.svg, ${lines.length} lines\n`);
