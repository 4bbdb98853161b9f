# shellcheck shell=bash disable=SC2034,SC2154  # what one part sets, another uses
# Builds. Sourced; needs console.sh, packages.sh, node.sh and $root.

jobs() { echo "${SHOUWEN_JOBS:-$(nproc)}"; }

# build_preset PRESET [TARGET...]
build_preset() {
    local preset=$1 dir="$root/build/$1"
    shift
    # Presets change; the cache of a configured folder remembers the old ones.
    if ! cmp -s "$root/CMakePresets.json" "$dir/configured.json"; then
        (cd "$root" && cmake --preset "$preset") || return 1
        cp "$root/CMakePresets.json" "$dir/configured.json"
    fi
    nice cmake --build "$dir" --parallel "$(jobs)" ${1:+--target "$@"}
}

build_server() {
    build_preset release shouwen
}

# The checksum of everything that the web app is made from.
web_sources_sum() {
    (cd "$root/web" && find . \( -name node_modules -o -name dist -o -name test-results -o -name playwright-report \) -prune \
        -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
}

# node_modules as in the lock file; does nothing when they are.
install_web_packages() {
    use_node || return 1
    local lock="$root/web/package-lock.json" installed="$root/web/node_modules/.installed.json"
    cmp -s "$lock" "$installed" && return 0
    (cd "$root/web" && npm ci --no-audit --no-fund --loglevel=error) && cp "$lock" "$installed"
}

build_web() {
    install_web_packages || return 1
    local sum
    sum=$(web_sources_sum)
    if [ -f "$root/web/dist/index.html" ] && [ "$sum" = "$(cat "$root/web/node_modules/.built" 2>/dev/null)" ]; then
        say "The web app is up to date."
        return 0
    fi
    (cd "$root/web" && npm run --silent build) && web_sources_sum >"$root/web/node_modules/.built"
}

build_all() {
    install_packages build
    section "Server"
    build_server || die "The server does not build."
    section "Web app"
    build_web || die "The web app does not build."
}
