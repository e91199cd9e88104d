import { Args, Flags } from "@oclif/core";
import { confirm } from "../cli/confirmation";
import { dryRunFlag, yesFlag } from "../cli/flags";
import { LocalCommand } from "../cli/local-command";
import { type Shell, shells } from "../completion/line";
import { usageError } from "../errors";
import { log, writeData } from "../terminal/terminal";
import { quoted } from "../text";

const shellArg = Object.assign(
  Args.custom<Shell>({
    description: `One of ${shells.join(", ")}; default: the one in $SHELL.`,
    ignoreStdin: true,
    parse: async (text) => {
      const name = text.toLowerCase();
      const shell = shells.find((one) => one === (name === "powershell" ? "pwsh" : name));
      if (shell !== undefined) return shell;
      const rule = `<shell> must be one of ${shells.join(", ")}; got ${quoted(text)}`;
      throw usageError(rule, "see `atoa completion --help`", "<shell>");
    },
  })(),
  { values: shells },
);

export default class Completion extends LocalCommand {
  static override summary = "Print the script that completes commands, flags and names with TAB";
  static override description =
    "Without a shell, prints how to install the script for yours. --install adds the script to your shell's start-up file, in a marked block that --uninstall removes.";
  static override examples = [
    "<%= config.bin %> completion bash >> ~/.bashrc",
    "<%= config.bin %> completion zsh > ~/.zsh/completions/_atoa",
    "<%= config.bin %> completion pwsh | Out-String | Invoke-Expression",
    "<%= config.bin %> completion --install",
  ];
  static override args = {
    shell: shellArg,
  };
  static override flags = {
    install: Flags.boolean({
      summary: "Add the script to the shell's start-up file.",
      exclusive: ["uninstall"],
    }),
    uninstall: Flags.boolean({ summary: "Remove it from that file." }),
    ...yesFlag,
    ...dryRunFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Completion);
    const installation = await import("../completion/install");
    const shell = args.shell ?? installation.shellInUse(process.env);
    if (!flags.install && !flags.uninstall && args.shell !== undefined) {
      const { scripts } = await import("../completion/scripts/index");
      return writeData(scripts[args.shell]);
    }
    if (shell === undefined) throw usageError("Could not detect your shell", `pass one: ${shells.join(", ")}`);
    if (!flags.install && !flags.uninstall) return writeData(instructions(shell));

    const path = installation.startupFile(shell, process.env);
    const change = flags.install ? installation.withBlock(shell, path) : installation.withoutBlock(shell, path);
    if (change.same) return log(`✓ ${flags.install ? "Already" : "Not"} in ${path}`);
    const action = flags.install ? `Add atoa's completion to ${path}` : `Remove atoa's completion from ${path}`;
    await confirm(action, flags);
    if (flags.dryRun) return log(`Would ${action.charAt(0).toLowerCase()}${action.slice(1)}.`);
    installation.execute(change);
    log(flags.install ? `✓ Added to ${path}; open a new shell and press TAB` : `✓ Removed from ${path}`);
  }
}

const byHand: Readonly<Record<Shell, string>> = {
  bash: "atoa completion bash >> ~/.bashrc && source ~/.bashrc",
  zsh: "mkdir -p ~/.zsh/completions && atoa completion zsh > ~/.zsh/completions/_atoa\n  # and above compinit in ~/.zshrc: fpath=(~/.zsh/completions $fpath)",
  fish: "atoa completion fish > ~/.config/fish/completions/atoa.fish",
  pwsh: "atoa completion pwsh | Out-String | Invoke-Expression   # add this line to $PROFILE to keep it",
};

function instructions(shell: Shell): string {
  return `Completion for ${shell}:\n\n  ${byHand[shell]}\n\nor let atoa add it to ${shell}'s start-up file:\n\n  atoa completion --install\n\nOther shells: ${shells.filter((one) => one !== shell).join(", ")}.\n`;
}
