# Prints bash's completions for the line $1: bash-completion loads the script as at the first Tab, and words are split as
# by readline.
. /usr/share/bash-completion/bash_completion
program=${1%% *}
_completion_loader "$program"
COMP_LINE=$1
COMP_POINT=${#1}
read -ra COMP_WORDS <<<"${1//=/ = }"
[[ $1 != *[\ =] ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; } # only while readline completes
"_${program//-/_}"
printf '%s\n' "${COMPREPLY[@]}"
