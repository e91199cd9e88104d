# atoa completion for fish. Sourcing it twice does no harm.
function __atoa_complete
    set -l line (commandline -cp)
    command atoa --complete-fish "$line" 2>/dev/null
end
complete -c atoa -e
complete -c atoa -f -k -a '(__atoa_complete)'
