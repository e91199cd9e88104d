import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bodyLimit, flagText } from "../../../src/cli/flag-text";

const folder = mkdtempSync(join(tmpdir(), "atoa-flag-text-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of that many bytes; on the disk it takes none. */
function fileOf(bytes: number): string {
  const path = join(folder, `${bytes}.json`);
  writeFileSync(path, "");
  truncateSync(path, bytes);
  return path;
}

const limit = 64 * 1024 * 1024;

test("a file of 64 MiB is taken, one byte more is refused", async () => {
  expect(await flagText(`@${fileOf(limit)}`, "data", bodyLimit)).toHaveLength(limit);
  const path = fileOf(limit + 1);
  await expect(flagText(`@${path}`, "data", bodyLimit)).rejects.toMatchObject({
    kind: "usage",
    field: "--data",
    message: `--data: ${path} holds more than 64 MiB`,
  });
});

test("a flag that is no whole body holds 1 MiB", async () => {
  await expect(flagText(`@${fileOf(1024 * 1024 + 1)}`, "consumerDetails")).rejects.toThrow("holds more than 1 MiB");
});

test("text stays as it is, and a byte order mark of a file goes", async () => {
  const path = join(folder, "mark.json");
  writeFileSync(path, "\ufeff{}");
  expect(await flagText(`@${path}`, "data", bodyLimit)).toBe("{}");
  expect(await flagText(' {"a":1} ', "data", bodyLimit)).toBe(' {"a":1} ');
});
