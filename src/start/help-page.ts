/** Help: pages that were rendered when the program was built, so that they appear at once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export { wantsColour } from "../text";

/**
 * The page of the program (""), of a topic or of a command ("payments:create").
 * @param root directory of dist/
 * @param bold whether headings are bold
 * @throws the error of readFileSync when there is no such page
 */
export function helpPage(root: string, id: string, bold: boolean): string {
  const page = readFileSync(join(root, "dist/help", `${id.replaceAll(":", ".") || "atoa"}.txt`), "utf8");
  return bold ? page.replace(/^[A-Z][A-Z &]+$/gm, "\u001b[1m$&\u001b[22m") : page;
}
