# shellcheck shell=bash disable=SC2034,SC2154  # what one part sets, another uses
# Installs what is missing of the groups in scripts/packages.txt. Sourced; needs console.sh and $root.

packages_of() {
    local groups=" $* " group package _
    while read -r group package _; do
        case "$groups" in *" $group "*) echo "$package" ;; esac
    done < <(sed 's/#.*//' "$root/scripts/packages.txt")
}

missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

# install_packages GROUP... - does nothing, quickly, when all are there.
install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        warn "Not a Debian: please see to it that the packages of scripts/packages.txt are there ($*)."
        return 0
    fi
    local needed missing as_root=()
    mapfile -t needed < <(packages_of "$@")
    mapfile -t missing < <(missing_packages "${needed[@]}")
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "Missing packages; as root run: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    section "Installing ${#missing[@]} packages: ${missing[*]}"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0)
    # A list of packages that is too old names files which are no longer there, so a failure is answered with a fresh one.
    { has_package_list && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } ||
        { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } ||
        die "Could not install: ${missing[*]}"
}

has_package_list() {
    compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null
}
