import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { atoa, command, execute, root, temporaryFolder } from "../e2e/program";
import { needs } from "../needs";

/** What stands in examples/ does what it says, run as its readers run it. */
describe("examples", () => {
  it("the demo takes a payment, refunds it, and leaves nothing behind", async () => {
    const TMPDIR = temporaryFolder();
    const demo = await execute([join(root, "examples/demo.mjs")], { env: { TMPDIR } });
    expect(demo).toMatchObject({ code: 0, stderr: "" });
    for (const shown of ["atoa login --stdin", "COMPLETED", "night-1", "$? is 3", "Done in"]) {
      expect(demo.stdout).toContain(shown);
    }
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it.each([
    ["webhook-receiver.mjs", "ATOA_TOKEN", {}],
    ["shop/server.mjs", "WEBHOOK_SECRET", { ATOA_API_TOKEN: "test-token-of-the-shop" }],
  ])("%s does not start without what it checks signatures with", async (name, variable, env) => {
    const ran = await execute([join(root, "examples", name)], { env });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(variable);
  });

  it("the receiver survives what is no event, and refuses what is not signed", async () => {
    const receiver = spawn(process.execPath, [join(root, "examples/webhook-receiver.mjs"), "0"], {
      env: { ...process.env, ATOA_TOKEN: "test-token-of-the-receiver" },
    });
    const [said] = await once(receiver.stdout.setEncoding("utf8"), "data");
    const url = /http:\S+/.exec(String(said))?.[0] ?? "";
    const statusOf = async (body: string) => (await fetch(url, { method: "POST", body })).status;
    expect(await statusOf("null")).toBe(400);
    expect(await statusOf("{")).toBe(400);
    expect(await statusOf("x".repeat(2_000_000)).catch(() => 400)).toBe(400);
    expect(await statusOf(JSON.stringify({ orderId: "o", paymentRequestId: "p", signatureHash: "00" }))).toBe(401);
    receiver.kill();
  });

  it("the shop's own test passes under the emulator", async () => {
    const shop = join(root, "examples/shop/shop.test.mjs");
    const test = await atoa(["emulator", "exec", "--", process.execPath, "--test", "--test-reporter=tap", shop]);
    expect(test.stdout).toContain("# pass 3");
    expect(test.code).toBe(0);
  });

  it("the vitest example passes under vitest", async () => {
    const folder = join(root, "examples/testing");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    // Without a config of its own it would find this project's, further up; its cache must not be packed with the example.
    const own = temporaryFolder();
    const config = join(own, "vitest.config.mjs");
    writeFileSync(config, `export default { cacheDir: ${JSON.stringify(own)} };`);
    const argv = [vitest, "run", "--root", folder, "--config", config, "vitest.test.mjs"];
    const test = await execute(argv, { env: { NO_COLOR: "1" } });
    expect(test.stdout).toMatch(/Tests +2 passed \(2\)/);
    expect(test.code).toBe(0);
  });

  it("`exec -- npx vitest run` gives a suite of vitest the emulator around it", async () => {
    const own = temporaryFolder();
    writeFileSync(join(own, "vitest.config.mjs"), "export default { test: { globals: true } };");
    copyFileSync(join(root, "examples/testing/checkout.mjs"), join(own, "checkout.mjs"));
    writeFileSync(
      join(own, "paid.test.mjs"),
      `import { checkout, isPaid } from "./checkout.mjs";
      const { ATOA_EMULATOR_URL: url, ATOA_EMULATOR_SANDBOX_TOKEN: token } = process.env;
      test("paid", async () => {
        const { id } = await checkout({ url, token }, "order-001", 25);
        expect(await isPaid({ url, token }, id)).toBe(false);
        await fetch(\`\${url}/__emulator/payments/\${id}/approve\`, { method: "POST" });
        expect(await isPaid({ url, token }, id)).toBe(true);
      });`,
    );
    const argv = ["emulator", "exec", "--", "npx", "vitest", "run", "--root", own];
    const test = await atoa(argv, { cwd: root, env: { NO_COLOR: "1" } });
    expect(test.stdout).toMatch(/Tests +1 passed \(1\)/);
    expect(test.code).toBe(0);
  });

  it.runIf(needs("python3"))("`exec -- python3 -m unittest` runs the Python example", async () => {
    const argv = ["emulator", "exec", "--", "python3", "-B", "-m", "unittest", "discover", "examples/testing"];
    const test = await atoa(argv, { cwd: root });
    expect(test.stderr).toMatch(/^Ran 2 tests in .*\n\nOK\n$/m);
    expect(test.code).toBe(0);
  });

  it("two test files under one emulator, each with a business of its own, do not see each other", async () => {
    const own = temporaryFolder();
    copyFileSync(join(root, "examples/testing/checkout.mjs"), join(own, "checkout.mjs"));
    const example = readFileSync(join(root, "examples/testing/parallel.test.mjs"), "utf8");
    // Neither looks before both have their order: the emulator itself sees the two.
    const both = `await fetch(url + "/__emulator/payments?orderId=order-001").then((response) => response.json())`;
    const waits = `await pay();\n  while ((${both}).length < 2) await new Promise((done) => setTimeout(done, 10));\n`;
    const [head = "", one = "", other = ""] = example.split(/^(?=test\()/m);
    const patient = head + one + other.replace("await pay();\n", () => waits);
    expect(patient).toContain("< 2)");
    for (const name of ["one", "two"]) writeFileSync(join(own, `${name}.test.mjs`), patient);
    const files = ["one", "two"].map((name) => join(own, `${name}.test.mjs`));
    const argv = ["emulator", "exec", "--", process.execPath, "--test", "--test-reporter=tap", "--test-concurrency=2"];
    const test = await atoa([...argv, ...files]);
    expect(test.stdout).toContain("# pass 4");
    expect(test.code).toBe(0);
  });
});

describe("the Dockerfile", () => {
  const instructions = readFileSync(join(root, "examples/emulator.Dockerfile"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)] as const);
  const only = (name: string) => instructions.filter(([word]) => word === name).map(([, rest]) => rest);

  it("pins what it builds on, runs as nobody special, and opens one port", () => {
    const { version, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(instructions.map(([word]) => word).join(" ")).toBe(
      "FROM ARG RUN USER WORKDIR EXPOSE HEALTHCHECK ENTRYPOINT",
    );
    const [, node = ""] = /^node:(\d+)-slim$/.exec(only("FROM")[0] ?? "") ?? [];
    expect(Number(node)).toBeGreaterThanOrEqual(Number.parseInt(engines.node.slice(2), 10));
    expect(only("ARG")).toEqual([`ATOA_CLI_VERSION=${version}`]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    expect(only("RUN")[0]).toContain('"@atoapayments/atoa-cli@${ATOA_CLI_VERSION}"');
    expect(only("USER")).toEqual(["node"]);
    expect(only("EXPOSE")).toEqual(["4010"]);
  });

  it("starts an emulator that other containers reach, its control API with the token only", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "atoa"), `#!/bin/sh\nexec "${process.execPath}" "${join(root, "bin/run.js")}" "$@"\n`);
    chmodSync(join(home, "atoa"), 0o755);
    const [file = "", ...argv] = JSON.parse(only("ENTRYPOINT")[0] ?? "") as string[];
    const env = { HOME: home, PATH: `${home}:${process.env.PATH}` };
    expect((await command(file, argv, { env })).stderr).toContain("set CONTROL_TOKEN");

    const more = ["--port", "0", "--output", "json"];
    const image = spawn(file, [...argv, ...more], {
      env: { ...env, CONTROL_TOKEN: "test-token-control" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { origin, tokens } = JSON.parse(String((await once(createInterface({ input: image.stdout }), "line"))[0]));
    const ask = (path: string, headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        const asked = request(origin + path, { headers: { host: "atoa:4010", ...headers } }, (response) =>
          resolve(response.resume().statusCode ?? 0),
        );
        asked.on("error", reject).end();
      });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    expect(await ask("/api/payments/stores", bearer(tokens.sandbox))).toBe(200);
    expect(await ask("/__emulator", {})).toBe(401);
    expect(await ask("/__emulator", bearer("test-token-control"))).toBe(200);
    expect(statSync(join(home, ".control-token")).mode & 0o777).toBe(0o600);
    // What the image says of its health, at the port of this one.
    const [, look = "[]"] = only("HEALTHCHECK")[0]?.split(" CMD ") ?? [];
    const healthy = async (port: string) =>
      (await execute(JSON.parse(look.replaceAll(":4010", `:${port}`)).slice(1), {})).code === 0;
    expect(await healthy(new URL(origin).port)).toBe(true);
    expect(await healthy("1")).toBe(false);
    image.kill("SIGTERM");
    expect(await once(image, "close")).toEqual([0, null]);
  });
});
