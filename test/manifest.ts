import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./e2e/program";

/** The commands as the built program knows them, and a command line that each of them accepts. */

export interface FlagOfManifest {
  readonly type: "option" | "boolean";
  readonly required?: boolean;
  readonly options?: readonly string[];
  readonly values?: readonly string[];
  readonly known?: readonly string[];
  readonly multiple?: boolean;
  readonly allowNo?: boolean;
  readonly char?: string;
  readonly aliases?: readonly string[];
}

export interface CommandOfManifest {
  readonly flags: Readonly<Record<string, FlagOfManifest>>;
  readonly args: Readonly<Record<string, Pick<FlagOfManifest, "required" | "options" | "values">>>;
}

export function readManifest(): Readonly<Record<string, CommandOfManifest>> {
  const { commands } = JSON.parse(readFileSync(join(root, "oclif.manifest.json"), "utf8"));
  return commands as Record<string, CommandOfManifest>;
}

/** Values that pass the checks of flags and arguments by their names; any other gets an id. */
const samples: Readonly<Record<string, string>> = {
  amount: "2.00",
  fullName: "Ann Example",
  email: "ann@example.com",
  redirectUrl: "https://shop.example/back",
  url: "https://shop.example/hook",
  from: "2026-01-01",
  before: "2026-01-31",
  path: "/api/payments/stores",
  "key=value": "env=sandbox",
  setting: "env=sandbox",
  name: "acme",
  old: "acme",
  new: "acme-2",
  to: "3000",
};

/** A whole, valid command line: what is required, and --yes where there is one. */
export function sampleArgv(id: string, command: CommandOfManifest): string[] {
  const args = Object.entries(command.args).map(
    ([name, { options, values }]) => (options ?? values)?.[0] ?? samples[name] ?? "id_123",
  );
  const flags = Object.entries(command.flags).flatMap(([name, flag]) => {
    if (name === "yes") return ["--yes"];
    if (flag.required !== true) return [];
    return flag.type === "boolean"
      ? [`--${name}`]
      : [`--${name}`, (flag.options ?? flag.values)?.[0] ?? samples[name] ?? "id_123"];
  });
  if (id.startsWith("customers:")) flags.push(...(command.flags.email ? ["--email", "ann@example.com"] : []));
  if (id === "bank-feed:transactions") flags.push("--before", "2026-01-31");
  return [...id.split(":"), ...args, ...flags];
}

/** The check value of the first signing recipe. */
const delivery = JSON.stringify({
  orderId: "order-001",
  paymentRequestId: "0f2b6f0a-6a1d-4a44-9d0e-5b1c7d0a9e11",
  signatureHash: "6f12dc1cdd51007649f557df12022454065efb254f7429bbabef30992bf1be59",
});

/** Files that the lines of `dryRunArgv` name. */
export const inputFiles = { "body.json": delivery, "secret.txt": "example-api-secret" };

/** What those that read stdin take. */
export const inputText = "whsec_dGVzdA==";

/** Where an input is needed beyond what the manifest says. */
const more: Readonly<Record<string, readonly string[]>> = {
  logout: ["--env", "sandbox"],
  "customers:update": ["--fullName", "Ann Example"],
  "webhooks:check": ["--secret", "@secret.txt"],
  "webhooks:verify": ["--body", "@body.json", "--secret", "@secret.txt"],
  "webhooks:secret": ["--stdin"],
  "webhooks:replay": ["--body", "@body.json", "--to", "3000"],
};

/** A dry run that ends with 0, in a folder with `inputFiles` and with `inputText` on stdin. */
export function dryRunArgv(id: string, command: CommandOfManifest): string[] {
  return [...sampleArgv(id, command), ...(more[id] ?? []), "--dryRun"];
}
