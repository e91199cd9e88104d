import { tabsIn } from "./tabs";

tabsIn({
  name: "fish",
  command: "fish --no-config -i",
  startup: ["set -g fish_autosuggestion_enabled 0", "atoa completion fish | source; atoa completion fish | source"],
});
