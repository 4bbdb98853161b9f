# shellcheck shell=bash disable=SC2034,SC2154  # what one part sets, another uses
# Checks that need no running product. Sourced; needs console.sh, build.sh and $root.

cpp_files() {
    git -C "$root" ls-files --cached --others --exclude-standard 'server/*.cpp' 'server/*.hpp' 'tests/*.cpp' 'tests/*.hpp'
}

lint_format() {
    local ill
    ill=$(cpp_files | xargs -r -n 50 clang-format-16 --dry-run 2>&1 | sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: warning:.*/\1/p' | uniq -c)
    [ -z "$ill" ] && return 0
    say "Places a file that \`./dev format\` would change:"
    say "$ill"
    return 1
}

format_all() {
    cpp_files | xargs -r -n 50 clang-format-16 -i
    scripts/format-openapi
    if [ -f "$root/web/package.json" ]; then
        install_web_packages && (cd "$root/web" && npm run --silent format)
    fi
}

lint_sources() {
    scripts/check-sources
}

lint_shell() {
    shellcheck -x dev .ci/run scripts/lib/*.sh tests/fault/*.sh scripts/e2e scripts/bench scripts/fuzz scripts/check-generated
}

# Static analysis. It costs some seconds a file, so the part that holds the rules is looked at always, the rest on demand.
lint_tidy() {
    local folders='server/(base|modules/[^/]+/rules)/[^/]*(?<!_test)\.cpp'
    [ "${1:-}" = --all ] && folders='server/.*\.cpp'
    if [ ! -f "$root/build/asan/compile_commands.json" ]; then
        (cd "$root" && cmake --preset asan >/dev/null) || return 1
    fi
    scripts/tidy "$root/build/asan/compile_commands.json" "$folders"
}

lint_web() {
    install_web_packages && (cd "$root/web" && npm run --silent lint)
}

# What is generated and kept in the repository is what its source gives now.
lint_generated() {
    scripts/check-generated
}

lint_all() {
    local all=("$@") check failed=()
    for check in format sources shell generated web tidy; do
        say "- $check"
        "lint_$check" "${all[@]}" || failed+=("$check")
    done
    [ ${#failed[@]} -eq 0 ] && return 0
    warn "Lint failed: ${failed[*]}"
    return 1
}
