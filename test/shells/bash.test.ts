import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needs } from "../needs";
import { full } from "../scale.mjs";
import { tabsIn } from "./tabs";
import { hostile, root, Typing } from "./typing";

const command = "bash --norc --noprofile -i";
tabsIn({ name: "bash", command, startup: ["source <(atoa completion bash)"] });
if (full)
  tabsIn({
    name: "bash, sourced twice and with word breaks of one's own",
    command,
    startup: ["COMP_WORDBREAKS=' '", "source <(atoa completion bash); source <(atoa completion bash)"],
  });

const script = join(root, "src/completion/scripts/atoa.bash");

describe.runIf(needs("bash", "tmux"))("the function for bash, called as bash calls it", () => {
  let typing: Typing;
  beforeAll(async () => {
    typing = await Typing.open(command, []);
  });
  afterAll(() => typing?.close());

  function replies(line: string, options = "", cursor = line.length): string[] {
    const program = `
      source "$1"
      COMP_LINE=$2 COMP_POINT=$3
      read -ra COMP_WORDS <<<"$COMP_LINE"
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _atoa_complete atoa "\${COMP_WORDS[COMP_CWORD]}" ""
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const argv = [
      "--norc",
      ...options.split(" ").filter((word) => word !== ""),
      "-c",
      program,
      "bash",
      script,
      line,
      String(cursor),
    ];
    const env = { PATH: `${typing.home}/bin:${process.env.PATH}`, HOME: typing.home };
    return execFileSync("bash", argv, { env, encoding: "utf8" }).split("\n").slice(0, -1);
  }

  it.each(["", "-o posix", "-u", "-e"])("with options %j", (options) => {
    expect(replies("atoa profile ", options)).toEqual(["delete", "list", "rename", "set", "show", "use"]);
    expect(replies("atoa --env=", options)).toEqual(["sandbox", "production"]);
    expect(replies("atoa --profile ci payments can", options)).toEqual(["cancel"]);
    expect(replies("atoa emulator exec -- READ", options)).toEqual(["README.md"]);
  });

  it("looks at what stands before the cursor", () => {
    expect(replies("atoa pay --env sandbox", "", 8)).toEqual(["payment-methods", "payments", "payouts"]);
  });

  it("escapes what bash would take for its own", () => {
    const [escaped = ""] = replies("atoa profile use zz");
    expect(execFileSync("bash", ["-c", `printf %s ${escaped}`], { encoding: "utf8" })).toBe(hostile);
    expect(replies("atoa card-on-file cancel x --reasonCode ")).toContain("Requested\\ by\\ customer");
  });
});

describe("the script for bash", () => {
  it.runIf(needs("shellcheck"))("has nothing that shellcheck would change", () => {
    expect(execFileSync("shellcheck", ["--shell=bash", "--severity=style", script], { encoding: "utf8" })).toBe("");
  });

  it("uses nothing that bash 3.2 lacks", () => {
    const text = readFileSync(script, "utf8").replaceAll(/^\s*#.*$/gm, "");
    const banned = {
      "associative arrays": /(?:declare|local|typeset) +-\w*A/,
      "name references": /(?:declare|local|typeset) +-\w*n/,
      "mapfile or readarray": /\b(?:mapfile|readarray)\b/,
      "case modification": /\$\{[^}]*(?:,,|\^\^|@[QUL])/,
      "negative subscripts": /\[-\d+\]/,
      "|& and &>>": /\|&|&>>/,
      coproc: /\bcoproc\b/,
      "printf -v into an array": /printf +-v +\w+\[/,
      "the functions of bash-completion": /_get_comp_words_by_ref|_init_completion|__ltrimcolon|_comp_/,
      "compopt that may fail aloud": /\bcompopt\b(?! -o nospace 2>\/dev\/null \|\| :)/,
      "+= on arrays of a version that loses elements": /\+=\(/,
      "&> in POSIX mode": /&>/,
      "process substitution, which POSIX mode lacks": /[<>]\(/,
    };
    expect(Object.entries(banned).filter(([, pattern]) => pattern.test(text))).toEqual([]);
    // What only later versions know is tried and given up without a word.
    expect(text).toContain("complete -o nosort -F _atoa_complete atoa 2>/dev/null || complete -F _atoa_complete atoa");
  });
});
