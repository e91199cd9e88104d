import { dump } from "js-yaml";

/** The value as YAML that reads back to the same value. */
export function yaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}
