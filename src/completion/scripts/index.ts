import type { Shell } from "../line";
import bash from "./atoa.bash";
import fish from "./atoa.fish";
import pwsh from "./atoa.ps1";
import zsh from "./atoa.zsh";

/** The script of each shell, as it is printed. All they do is hand the line to `atoa --complete-<shell>`. */
export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, pwsh };
