# shellcheck shell=bash disable=SC2034,SC2154  # what one part sets, another uses
# How ./dev speaks. Sourced; needs nothing.

if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ] && [ -z "${NO_COLOR:-}" ]; then
    bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
    bold='' red='' green='' plain=''
fi

say() { printf '%s\n' "$*"; }

section() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }

warn() { printf '%s%s%s\n' "$red" "$*" "$plain" >&2; }

die() {
    warn "$*"
    exit 1
}

# 754 -> 12m34s
print_seconds() {
    if [ "$1" -ge 60 ]; then
        printf '%dm%02ds' $(($1 / 60)) $(($1 % 60))
    else
        printf '%ds' "$1"
    fi
}
