#compdef atoa
# atoa completion for zsh. Sourced from .zshrc, or a file _atoa in a directory of $fpath.
_atoa() {
  local value text width=0
  local -a values texts shown
  while IFS=$'\t' read -r value text; do
    values+=("$value") texts+=("$text")
    (( ${#value} > width )) && width=${#value}
  done < <(command atoa --complete-zsh "${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" 2>/dev/null)
  local -i index
  for (( index = 1; index <= ${#values}; index++ )); do
    if [[ -n ${texts[index]} ]]; then
      shown+=("${(r:width:)values[index]}  -- ${texts[index]}")
    else
      shown+=("${values[index]}")
    fi
  done
  # One a line where there is something to explain; a group of its own keeps the order.
  local -a lines
  [[ -n ${(j::)texts} ]] && lines=(-l)
  # Behind a directory the path goes on.
  local -a ending
  [[ ${#values} -eq 1 && ${values[1]} == */ ]] && ending=(-S '')
  # Quoted as the rest is, ~/ would be no home.
  local -a home
  [[ $PREFIX == '~/'* ]] && home=(-f -p '~/') values=("${(@)values#\~/}")
  (( ${#values} )) && compadd -V atoa "${lines[@]}" "${ending[@]}" "${home[@]}" -d shown -a values
}
if [[ ${funcstack[1]} == _atoa ]]; then
  _atoa "$@"
else
  (( ${+functions[compdef]} )) || { autoload -Uz compinit && compinit -i }
  compdef _atoa atoa
fi
