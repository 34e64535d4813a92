# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for framewitness
_framewitness() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    case $before in
        --methods)
            local ids
            ids=$("${COMP_WORDS[0]}" methods 2>/dev/null | sed -n 's/^org\.framewitness\.\([a-z_]*\) .*/\1/p')
            mapfile -t COMPREPLY < <(compgen -W "$ids" -- "$word")
            return ;;
        --threads) return ;;
    esac
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "analyze fingerprint head info methods person verify --help --version" -- "$word"; compgen -f -- "$word")
        return
    fi
    case ${COMP_WORDS[1]}:$word in
        analyze:-*) mapfile -t COMPREPLY < <(compgen -W "--methods --quick --case --pdf --html --json --csv --openface --import-openface --sign --threads --help" -- "$word") ;;
        fingerprint:-* | camera:-*) mapfile -t COMPREPLY < <(compgen -W "--enrol --generator --others --keep --name --with --help" -- "$word") ;;
        head:-*) mapfile -t COMPREPLY < <(compgen -W "--enrol --name --help" -- "$word") ;;
        person:-*) mapfile -t COMPREPLY < <(compgen -W "--enrol --name --test --show --help" -- "$word") ;;
        info:-* | methods:-*) mapfile -t COMPREPLY < <(compgen -W "--json --help" -- "$word") ;;
        *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}
complete -o filenames -F _framewitness framewitness
