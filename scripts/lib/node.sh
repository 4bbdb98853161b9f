# shellcheck shell=bash disable=SC2034,SC2154  # what one part sets, another uses
# The pinned Node (scripts/node/package-lock.json: versions and checksums) in .tools/node. Sourced; needs console.sh,
# packages.sh and $root.

# Puts node and npm first in PATH; fetches them when they are absent or another version is pinned now.
use_node() {
    local home="$root/.tools/node" lock="$root/scripts/node/package-lock.json"
    if ! cmp -s "$lock" "$home/fetched.json"; then
        fetch_node "$home" "$lock" || fall_back_to_own_node || return 1
    fi
    if [ -x "$home/bin/node" ]; then
        PATH="$home/bin:$PATH"
    fi
    hash -r
}

fetch_node() {
    local home=$1 lock=$2
    command -v npm >/dev/null || install_packages fetch
    section "Fetching the pinned Node"
    rm -rf "$home"
    mkdir -p "$home"
    cp "$root/scripts/node/package.json" "$root/scripts/node/.npmrc" "$lock" "$home/"
    (cd "$home" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || return 1
    # Links of our own: old versions of npm make none for packages of one processor.
    mkdir "$home/bin"
    ln -s ../node_modules/npm/bin/npm-cli.js "$home/bin/npm"
    ln -s ../node_modules/npm/bin/npx-cli.js "$home/bin/npx"
    ln -s "../node_modules/$(basename "$home"/node_modules/node-linux-*)/bin/node" "$home/bin/node"
    "$home/bin/node" --version || return 1
    cp "$lock" "$home/fetched.json" # the last step: an interrupted fetch is done anew
}

# @returns 0 when the machine's own Node will do; says so, because figures and lock files may differ with it.
fall_back_to_own_node() {
    rm -rf "$root/.tools/node"
    if command -v node >/dev/null && node -e '
        const [a, b] = process.versions.node.split(".").map(Number);
        process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
        warn "The pinned Node could not be fetched; going on with this machine's $(node --version)."
        return 0
    fi
    warn "The pinned Node could not be fetched, and this machine's own is absent or older than 20.19."
    return 1
}
