# Runs one of the commands in $folder by its name, or lists them with the first sentence of their heads.
# shellcheck shell=bash
set -eu
name=${1:-}
if [ -n "$name" ] && [ -f "$folder/$name" ] && [ -x "$folder/$name" ]; then
    shift
    exec "$folder/$name" "$@"
fi
[ -z "$name" ] || printf 'There is no "%s" here. The names are:\n\n' "$name" >&2
for command in "$folder"/*; do
    if [ -f "$command" ] && [ -x "$command" ]; then
        printf '%-16s %s\n' "$(basename "$command")" "$(sed -n '2s/^# //p' "$command")"
    fi
done
[ -z "$name" ]
