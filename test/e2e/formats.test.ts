import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PageServer, startPageServer } from "./page-server";
import { pairedHome } from "./pairing";
import { atoa, bareEnvironment, type Outcome, program, temporaryFolder } from "./program";

/** csv, ndjson, --columns, --query and --out: what comes out, that it is whole or nothing, and that nothing is left lying about. */

const home = temporaryFolder();
const here = temporaryFolder();
const scratch = temporaryFolder();
let server: PageServer;

beforeAll(async () => {
  server = await startPageServer();
  return () => server.close();
});
beforeEach(async () => {
  await pairedHome(home, server, { acme: ["sandbox"] });
  whole();
});

const env = () => ({ ATOA_HOME: home, ATOA_BASE_URL: server.origin, TMPDIR: scratch, TEMP: scratch });

function walk(...more: string[]): Promise<Outcome> {
  return atoa(["get", "/api/things", "--pageAll", "-d", "size=2", ...more], { env: env(), cwd: here });
}

const things = [
  { id: "t-1", amount: "10.05", store: { name: "Bath, Abbey" } },
  { id: "t-2", amount: "0.10", note: "=SUM(A1)" },
  { id: "t-3", amount: "-5.00", note: "+44 7700", extra: [1] },
];

/** All things, two a page. */
function whole(): void {
  server.answers((page, size) => ({ data: things.slice(page * size, page * size + size), totalCount: things.length }));
}

/** The first page, and then nothing but a failure. */
function broken(): void {
  server.answers((page, size) => (page === 0 ? { data: things.slice(0, size), totalCount: things.length } : 500));
}

it("whoami has them too: what it prints is the response and what chose it", async () => {
  const answer = async (...more: string[]) => (await atoa(["whoami", ...more], { env: env() })).stdout;
  expect(await answer("--query", "context.profile.value")).toBe('"acme"\n');
  expect(await answer("--columns", "merchantId", "--output", "csv")).toBe("merchantId\r\nm-1\r\n");
  expect(await answer("--output", "table")).toContain("acme, the active profile");
});

const leftOver = () => [readdirSync(scratch), readdirSync(here).filter((name) => name.endsWith(".tmp"))];

describe("csv and ndjson", () => {
  it("have one header for all pages, and a row an item", async () => {
    const { code, stdout } = await walk("--output", "csv");
    expect(code).toBe(0);
    expect(stdout).toBe(
      "id,amount,store.name,note,extra\r\nt-1,10.05,\"Bath, Abbey\",,\r\nt-2,0.10,,'=SUM(A1),\r\nt-3,-5.00,,'+44 7700,[1]\r\n",
    );
    expect(leftOver()).toEqual([[], []]);
  });

  it("equal the json", async () => {
    const [csv, ndjson, json] = await Promise.all(
      ["csv", "ndjson", "json"].map(async (format) => (await walk("--output", format)).stdout),
    );
    expect(JSON.parse(json ?? "")).toEqual(things);
    expect(
      (ndjson ?? "")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(things);
    const rows = parse(csv ?? "", { columns: true }) as Record<string, string>[];
    expect(rows.map(({ id, amount }) => ({ id, amount }))).toEqual(things.map(({ id, amount }) => ({ id, amount })));
  });

  it.each(["csv", "ndjson"])("%s prints nothing at all when a later page fails", async (format) => {
    broken();
    const { code, stdout } = await walk("--output", format);
    expect([code, stdout]).toEqual([1, ""]);
    expect(leftOver()).toEqual([[], []]);
  });

  it.each(["csv", "ndjson"])(
    "%s hides a token, in values, lists and names, on whatever page it comes",
    async (format) => {
      const { sandbox: token } = server.tokens;
      const echo = [{ id: "t-1" }, { id: "t-2", note: `Bearer ${token}`, list: [{ token }] }, { [token]: 1 }];
      server.answers((page, size) => ({ data: echo.slice(page * size, page * size + size), totalCount: echo.length }));
      const { code, stdout } = await walk("--output", format);
      expect(code).toBe(0);
      expect(stdout).not.toContain(token);
      expect(stdout.match(/\[REDACTED]/g)).toHaveLength(3);
    },
  );

  it("json keeps its array open then", async () => {
    broken();
    const { code, stdout } = await walk();
    expect(code).toBe(1);
    expect(stdout).toContain("t-2");
    expect(() => JSON.parse(stdout)).toThrow();
  });

  it("print nothing for an empty list, and ATOA_OUTPUT asks for them", async () => {
    server.answers(() => []);
    for (const format of ["csv", "NDJSON"]) {
      const { code, stdout } = await atoa(["get", "/api/things"], { env: { ...env(), ATOA_OUTPUT: format } });
      expect([code, stdout]).toEqual([0, ""]);
    }
  });

  it("make one row of a single object", async () => {
    server.answers(() => ({ id: "t-1", store: { name: "Bath" } }));
    const { stdout } = await atoa(["get", "/api/thing", "--output", "csv"], { env: env() });
    expect(stdout).toBe("id,store.name\r\nt-1,Bath\r\n");
  });
});

describe("--query", () => {
  it("sees the items of all pages as one list, before the format", async () => {
    expect((await walk("--query", "sum([].pence(amount))")).stdout).toBe("515\n");
    expect((await walk("--query", "[?note].{id: id, p: pence(amount)}", "--output", "csv")).stdout).toBe(
      "id,p\r\nt-2,10\r\nt-3,-500\r\n",
    );
  });

  it("keeps the digits of what it selects", async () => {
    const text = '{"data":[{"id":12345678901234567890,"amount":10.50}]}';
    server.answers(() => text);
    const { stdout } = await atoa(["get", "/api/things", "--query", "data[0]", "--output", "ndjson"], { env: env() });
    expect(stdout).toBe('{"id":12345678901234567890,"amount":10.50}\n');
  });

  it.each([
    ["[].{id", "it ends too early at position 7"],
    ["sum([].total(amount))", "calls total(), which does not exist"],
  ])("refuses %s before anything is sent", async (query, message) => {
    const { code, stdout, stderr } = await walk("--query", query);
    expect([code, stdout, server.asked]).toEqual([3, "", []]);
    expect(stderr).toContain(message);
  });

  it("refuses arithmetic on text when it meets it, and prints nothing", async () => {
    const { code, stdout, stderr } = await walk("--query", "sum([].amount)");
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("pence(amount)");
  });
});

describe("--columns", () => {
  it("chooses and orders, after a query", async () => {
    expect((await walk("--columns", "note,id", "--output", "csv")).stdout).toBe(
      "note,id\r\n,t-1\r\n'=SUM(A1),t-2\r\n'+44 7700,t-3\r\n",
    );
    expect(JSON.parse((await walk("--columns", "store.name", "--query", "[:1]")).stdout)).toEqual([
      { store: { name: "Bath, Abbey" } },
    ]);
    expect((await walk("--columns", "amount,id", "--output", "table")).stdout.split("\n")[0]).toMatch(/^AMOUNT +ID$/);
  });

  it("refuses a name that no item has, and leaves the array open", async () => {
    const { code, stdout, stderr } = await walk("--columns", "id,nmae");
    expect(code).toBe(3);
    expect(() => JSON.parse(stdout)).toThrow();
    expect(stderr).toContain(
      '--columns: unknown field "nmae" — choose from id, amount, store, store.name, note, extra',
    );
    expect((await walk("--columns", "id,nmae", "--output", "csv")).stdout).toBe("");
  });

  it("refuses a name that the API does not list before anything is sent", async () => {
    const { code, stderr } = await atoa(["payments", "transactions", "--columns", "ordrId"], { env: env() });
    expect([code, server.asked]).toEqual([3, []]);
    expect(stderr).toContain('--columns: unknown field "ordrId" — choose from paymentIdempotencyId');
  });
});

describe("--out", () => {
  const path = join(here, "things.csv");

  it("writes a file that only its owner can read, in place of the old one", async () => {
    writeFileSync(path, "old", { mode: 0o644 });
    const { code, stdout } = await walk("--output", "csv", "--out", "things.csv");
    expect([code, stdout]).toEqual([0, ""]);
    expect(readFileSync(path, "utf8")).toMatch(/^id,amount,.*t-3/s);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(leftOver()).toEqual([[], []]);
  });

  it.each(["json", "yaml", "csv", "ndjson", "table"])(
    "leaves the old file when a later page fails: %s",
    async (format) => {
      writeFileSync(path, "old");
      broken();
      const { code, stdout } = await walk("--output", format, "--out", path);
      expect([code, stdout, readFileSync(path, "utf8")]).toEqual([1, "", "old"]);
      expect(leftOver()).toEqual([[], []]);
    },
  );

  it("leaves the old file at Ctrl-C", async () => {
    writeFileSync(path, "old");
    let asked = () => {};
    const hanging = new Promise<void>((done) => {
      asked = done;
    });
    server.answers((page, size) => {
      if (page > 0) asked();
      return page === 0 ? { data: things.slice(0, size), totalCount: things.length } : undefined;
    });
    const argv = [program, "get", "/api/things", "--pageAll", "-d", "size=2", "--out", path];
    const child = spawn(process.execPath, argv, { env: { ...bareEnvironment(), ...env() }, stdio: "ignore" });
    await hanging;
    const ended = new Promise((done) => child.on("close", done));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect([readFileSync(path, "utf8"), ...leftOver()]).toEqual(["old", [], []]);
  });

  it("writes through a link, and no file in a dry run", async () => {
    writeFileSync(path, "old");
    symlinkSync(path, join(here, "link.csv"));
    await walk("--output", "ndjson", "--out", "link.csv");
    expect(readFileSync(path, "utf8")).toContain('{"id":"t-1"');
    const { stdout } = await atoa(["get", "/api/things", "--dryRun", "--out", "dry.json"], { env: env(), cwd: here });
    expect(JSON.parse(stdout)).toMatchObject({ method: "GET" });
    expect(readdirSync(here)).not.toContain("dry.json");
  });

  it.each([
    ["", "--out must name a file"],
    ["-", "--out must name a file"],
    ["folder", "folder is a directory"],
    ["/dev/null", "/dev/null is a device"],
    ["nowhere/x.csv", "the directory does not exist"],
  ])("refuses %j before anything is sent", async (out, message) => {
    mkdirSync(join(here, "folder"), { recursive: true });
    const { code, stderr } = await walk(`--out=${out}`);
    expect([code, server.asked]).toEqual([3, []]);
    expect(stderr).toContain(message);
  });
});
