import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { program, temporaryFolder } from "../e2e/program";
import { needs } from "../needs";

/** Linux namespaces: networks that look as a test wants them, and in which nothing can leave the machine. */

export const hasNamespaces = needs("network namespaces", "ip");

export interface Place {
  /** Shell lines that run first, as root of the new namespaces. */
  readonly prepare?: readonly string[];
  /** What /etc/hosts and /etc/resolv.conf hold in there. */
  readonly hosts?: string;
  readonly resolver?: string;
  /** True for a network of its own, with nothing in it but loopback; else that of the machine. */
  readonly isolated: boolean;
}

/** The command line that runs `atoa` in such a place: `unshare` and its arguments. */
export function commandIn(place: Place, argv: readonly string[]): [command: string, argv: string[]] {
  const folder = temporaryFolder();
  const lines = ["set -e", "mount --make-rprivate /"];
  for (const [name, text] of Object.entries({ hosts: place.hosts, "resolv.conf": place.resolver })) {
    if (text === undefined) continue;
    writeFileSync(join(folder, name), text);
    lines.push(`mount --bind ${join(folder, name)} /etc/${name}`);
  }
  if (place.isolated) lines.push("ip link set lo up");
  lines.push(...(place.prepare ?? []), 'exec "$@"');
  const flags = place.isolated ? ["--net", "--mount"] : ["--mount"];
  return ["unshare", [...flags, "sh", "-c", lines.join("\n"), "sh", process.execPath, program, ...argv]];
}
