# Prints zsh's completions for the line $2, with completions from the folder $1: a zsh on a pseudo-terminal gets the line
# and a Tab, and its compadd prints its arguments.
FOLDER=$1
LINE=$2
zmodload zsh/zpty
zpty z zsh -f -i

() {
  zpty -w z "fpath=(${(q)FOLDER} \$fpath); source $1"
  local line
  repeat 20; do
    zpty -r z line
    [[ $line == ok* ]] && return
  done
  print -u2 'zsh does not start'
  exit 2
} =( <<<'
PROMPT=
autoload -U compinit
compinit -u -D
bindkey "^M" undefined
bindkey "^J" undefined
bindkey "^I" complete-word
mark() { print -r - "=mark=" }
compprefuncs=(mark)
comppostfuncs=(mark exit)
zstyle ":completion:*" insert-tab false
zmodload zsh/zutil
compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  builtin compadd -A hits "$@"
  (( $#hits )) && print -rl - $hits
  builtin compadd "$@"
}
echo ok')

zpty -w z "$LINE"$'\t'
integer marks=0
while zpty -r z; do :; done | while IFS= read -r line; do
  if [[ $line == *=mark=* ]]; then
    (( marks++ )) && exit 0 || continue
  fi
  (( marks )) && print -r - $line
done
exit 2
