import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundledPackages, compatible, licenceFile } from "../../build/licences.mjs";
import { type Installation, install, type Packed, pack, root, workshop } from "./installed";

/** A stranger installs it on a clean home, with and without optional dependencies, and it works. */

const { folder, clear } = workshop();
let packed: Packed;
beforeAll(async () => {
  packed = await pack(folder);
}, 120_000);
afterAll(clear);

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

describe("the package", () => {
  it("is at most 700 kB", () => {
    process.stdout.write(
      `packed: ${Math.round(packed.bytes / 1000)} kB, ${packed.files.length} files, by ${packed.by}\n`,
    );
    expect(packed.bytes).toBeLessThanOrEqual(700_000);
  });

  it("has what is needed and nothing else", () => {
    const pages = packed.files.filter((path) => /^(docs|examples)\//.test(path));
    expect(
      pages.filter(
        (path) => !/^docs\/(commands\/)?[A-Za-z-]+\.(md|svg)$|^examples\/.*\.(mjs|php|py|Dockerfile)$/.test(path),
      ),
    ).toEqual([]);
    const top = packed.files.filter((path) => !path.startsWith("dist/") && !pages.includes(path));
    expect(top).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "bin/run.js",
      "oclif.manifest.json",
      "package.json",
    ]);
    const inside = packed.files.filter((path) => path.startsWith("dist/"));
    expect(
      inside.filter(
        (path) =>
          !/\.js(\.map)?$|^dist\/emulator\/index\.d\.ts$|^dist\/help\/[\w .-]+\.txt$|\.json$|LICENCES\.txt$/.test(path),
      ),
    ).toEqual([]);
    expect(inside).toContain("dist/credentials/keychain-child.js");
    expect(inside).toContain("dist/emulator/index.d.ts");
    expect(inside).toContain("dist/THIRD-PARTY-LICENCES.txt");
  });

  it("carries only code under licences that go with MIT, each with its text", () => {
    const packages = bundledPackages();
    expect(packages.length).toBeGreaterThan(10);
    expect(
      packages.filter(({ licence }) => !compatible.has(licence)).map(({ name, licence }) => `${name}: ${licence}`),
    ).toEqual([]);
    expect(packages.filter(({ text }) => text === "").map(({ name }) => name)).toEqual([]);
    const [jmespath] = packages.filter(({ licence }) => licence === "MPL-2.0");
    expect(licenceFile(packages)).toContain(
      `\nSource: https://www.npmjs.com/package/@jmespath-community/jmespath/v/${jmespath?.version}\n\nMozilla Public License`,
    );
  });
});

describe.each([
  { kind: "with optional dependencies", optional: true },
  { kind: "without optional dependencies", optional: false },
])("installed $kind", ({ optional }) => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await install(packed.tarball, folder, optional);
  }, 180_000);

  it("npm had nothing to warn of", () => {
    expect(installation.said.filter((line) => !/^(added|changed) \d+ packages?( in .*)?$/.test(line))).toEqual([]);
    const places = [join(installation.package, "node_modules/keytar"), join(installation.package, "../../keytar")];
    expect(places.some((place) => existsSync(place))).toBe(optional);
  });

  it("runs", async () => {
    const { code, stdout, stderr } = await installation.run("atoa", ["--version"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^@atoapayments/atoa-cli/${version} \\S+ node-v\\d+\\.\\d+\\.\\d+\\n$`));
  });

  it("shows its help", async () => {
    const help = await installation.run("atoa", ["payments", "create", "--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("--orderId");
  });

  it("runs the emulator and takes a payment from it", async () => {
    const argv = [
      "emulator",
      "exec",
      "--",
      "atoa",
      "payments",
      "create",
      "--amount",
      "10.05",
      "--orderId",
      "order-001",
    ];
    const { code, stdout, stderr } = await installation.run("atoa", argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toHaveProperty("paymentUrl");
  });

  it("is a library with types: a strict TypeScript program compiles against it, and runs", async () => {
    const project = join(installation.package, "../../..");
    const program = `
      import { type Delivery, type Emulator, EmulatorError, type OperationUse, startEmulator } from "@atoapayments/atoa-cli/emulator";
      await using atoa: Emulator = await startEmulator({ ids: "sequential", webhook: { url: "http://127.0.0.1:9/hooks" } });
      const headers = { authorization: \`Bearer \${atoa.tokens.sandbox}\` };
      const body = JSON.stringify({ amount: 25, orderId: "order-001" });
      const made = await atoa.fetch("/api/payments/process-payment", { method: "POST", headers, body });
      const { paymentRequestId } = (await made.json()) as { paymentRequestId: string };
      const { status } = atoa.approve(paymentRequestId);
      await atoa.deliveriesSettled();
      const [delivery]: Delivery[] = atoa.deliveries();
      const used: OperationUse[] = atoa.operations().filter(({ calls }) => calls > 0);
      atoa.reset({ merchantId: atoa.merchantId });
      let kind: string | undefined;
      try { atoa.approve(paymentRequestId); } catch (error) { if (error instanceof EmulatorError) kind = error.kind; }
      console.log(status, delivery?.state, used.map(({ operationId }) => operationId).join(), kind);
      // @ts-expect-error: there is no such status, and the types say so.
      if (status === "PAID") console.log("paid");`;
    writeFileSync(join(project, "consumer.mts"), program);
    const compiler = [
      join(root, "node_modules/typescript/bin/tsc"),
      join(project, "consumer.mts"),
      "--outDir",
      project,
    ];
    const options =
      "--strict --exactOptionalPropertyTypes --module nodenext --target es2022 --lib es2022,esnext.disposable";
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
    const compiled = await installation.run("node", [...compiler, ...options.split(" "), ...types]);
    expect(compiled).toMatchObject({ code: 0, stdout: "" });
    const ran = await installation.run("node", [join(project, "consumer.mjs")]);
    expect(ran).toEqual({ code: 0, stderr: "", stdout: "COMPLETED WAITING createPaymentRequest not-found\n" });
  });

  it.each(["bash", "zsh", "fish", "pwsh"])("prints its completion for %s", async (shell) => {
    const { code, stdout, stderr } = await installation.run("atoa", ["completion", shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`--complete-${shell}`);
  });

  it("completes", async () => {
    const { code, stdout, stderr } = await installation.run("atoa", ["--complete-bash", "atoa payments cr"]);
    expect({ code, stderr, stdout: stdout.trim() }).toEqual({ code: 0, stderr: "", stdout: "create" });
  });

  it("has a keychain helper that answers", async () => {
    const helper = join(installation.package, "dist/credentials/keychain-child.js");
    const request = { action: "get", service: "atoa-cli-pack-test", account: "nobody:sandbox", limitMs: 5_000 };
    const { stdout } = await installation.run("node", [helper], JSON.stringify(request));
    const reply = JSON.parse(stdout);
    if (!optional) expect(reply).toEqual({ outcome: "unavailable", why: expect.stringContaining("not installed") });
    else expect(["absent", "unavailable", "locked"]).toContain(reply.outcome);
  });

  it("goes without a trace", async () => {
    const { stdout } = await installation.uninstall();
    expect(stdout).toMatch(/removed \d+ package/);
    expect(existsSync(installation.package)).toBe(false);
  });
});
