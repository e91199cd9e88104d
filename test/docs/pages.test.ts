import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { times } from "../scale.mjs";
import { type BlockRun, runPage } from "./page-run";
import { root } from "./sources";

/** Every fenced block of every hand-written page is run, or says why not. */

const inDocs = readdirSync(join(root, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...inDocs];
const noBash = process.platform === "win32" ? "the blocks are for a POSIX shell" : undefined;

/** A page waits for its servers more than it works; at a desk three are run at a time. */
const lanes = times(1, 3);
const started: Promise<BlockRun[]>[] = [];
function runsOf(page: string): Promise<BlockRun[]> {
  for (const each of pages.slice(started.length, pages.indexOf(page) + lanes))
    started.push((started.at(-lanes) ?? Promise.resolve()).then(() => runPage(each)));
  return started[pages.indexOf(page)] ?? Promise.resolve([]);
}

describe.skipIf(noBash !== undefined).each(pages)("%s", (page) => {
  let runs: BlockRun[] = [];
  beforeAll(async () => {
    runs = await runsOf(page);
  }, 300_000);

  it("shows commands that do what it says", () => {
    const wrong = runs.filter(({ problems }) => problems.length > 0);
    expect(wrong.map(({ title, problems }) => `${title}\n  ${problems.join("\n  ")}`)).toEqual([]);
  });

  it("leaves out only what cannot run here", () => {
    for (const { title, notRun } of runs)
      if (notRun !== undefined) process.stdout.write(`${page} ${title}: not run, ${notRun}\n`);
    expect(runs.filter(({ notRun }) => notRun !== undefined).length).toBeLessThanOrEqual(6);
  });
});
