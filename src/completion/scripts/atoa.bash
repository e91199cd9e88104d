# atoa completion for bash 3.2 and later. Sourcing it twice does no harm.
_atoa_complete() {
  local candidate
  COMPREPLY=()
  while IFS= read -r candidate; do
    if [ -n "$candidate" ]; then COMPREPLY[${#COMPREPLY[@]}]=$candidate; fi
    # Behind a directory the path goes on; before 4.0 bash puts a space there.
    case $candidate in */) compopt -o nospace 2>/dev/null || : ;; esac
  done <<<"$(command atoa --complete-bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)"
}
# Since 4.4 bash can keep the order, in which required flags come first.
complete -o nosort -F _atoa_complete atoa 2>/dev/null || complete -F _atoa_complete atoa
