import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tabsIn } from "./tabs";
import { root } from "./typing";

const command = "zsh -f -i";
tabsIn({ name: "zsh, by source", command, startup: ["source <(atoa completion zsh)"] });
tabsIn({
  name: "zsh, from fpath",
  command,
  startup: ["atoa completion zsh > _atoa; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u"],
});

it("the script for zsh says on its first line whose completion it is", () => {
  expect(readFileSync(join(root, "src/completion/scripts/atoa.zsh"), "utf8")).toMatch(/^#compdef atoa\n/);
});
