# shellcheck shell=bash disable=SC2034,SC2154  # what one part sets, another uses
# Runs every test and adds up. Sourced; needs console.sh, packages.sh, build.sh, lint.sh and $root.

results="$root/.cache/results"
failed_parts=()

# part TITLE FUNCTION - runs it in a section of its own, with its time; goes on after a failure, so that one run shows all.
# A part that leaves no count of its own (build, lint) counts as one test.
part() {
    local title=$1 start=$SECONDS outcome="${green}passed${plain}"
    shift
    section "$title"
    rm -f "$results/$1".counts
    if "$@"; then
        [ -f "$results/$1".counts ] || echo 1 0 0 >"$results/$1".counts
    else
        failed_parts+=("$title")
        outcome="${red}FAILED${plain}"
        # A part that fails always counts a failure, also when it died before any of its tests could.
        if ! awk '$2 > 0 { found = 1 } END { exit !found }' "$results/$1".counts 2>/dev/null; then
            echo 0 1 0 >>"$results/$1".counts
        fi
    fi
    say "-- $title: $outcome after $(print_seconds $((SECONDS - start)))"
}

cpp_tests_build() {
    build_preset asan
}

cpp_tests() {
    local output="$results/cpp_tests.xml" status
    rm -f "$output"
    export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}"
    export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
    ctest --test-dir "$root/build/asan" -j "$(jobs)" --timeout 1200 --no-tests=error --output-on-failure \
        --test-output-size-passed 20000000 --test-output-size-failed 20000000 --output-junit "$output"
    status=$?
    scripts/count-tests ctest "$output" >"$results/cpp_tests.counts"
    return $status
}

simulation() {
    build_preset release simulation && build/release/simulation
}

web_unit_tests() {
    local output="$results/web_unit_tests.json" status
    install_web_packages || return 1
    rm -f "$output"
    (cd "$root/web" && npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$output")
    status=$?
    scripts/count-tests vitest "$output" >"$results/web_unit_tests.counts"
    return $status
}

browser_tests() {
    local output="$results/browser_tests.json" status
    install_web_packages || return 1
    rm -f "$output"
    PLAYWRIGHT_JSON_OUTPUT_NAME="$output" scripts/e2e --reporter=list,json
    status=$?
    scripts/count-tests playwright "$output" >"$results/browser_tests.counts"
    return $status
}

build_fault_tests() {
    build_preset release shouwen fault_io
}

# The real program, killed, starved, cut off and lied to. `./dev test faults --long` runs the great numbers.
fault_tests() {
    mkdir -p "$results"
    SHOUWEN="$root/build/release/shouwen" SHOUWEN_FAULT_IO_LIBRARY="$root/build/release/tests/fault/libfault_io.so" \
        tests/fault/run --counts "$results/fault_tests.counts" "$@"
}

fault_tests_short() {
    build_fault_tests && fault_tests "$@"
}

script_tests() {
    python3 -m unittest discover -q -s scripts -p '*_test.py'
}

test_all() {
    local started=$SECONDS
    install_packages build test lint
    rm -rf "$results"
    mkdir -p "$results"

    part "Release build of the server" build_server
    part "Web app" build_web
    part "Build of the C++ tests (address and undefined-behaviour sanitizers)" cpp_tests_build
    part "C++ tests" cpp_tests
    part "Simulation of 10,000 made-up lives of a centre" simulation
    part "Faults" fault_tests_short
    part "Web unit tests" web_unit_tests
    part "Browser tests" browser_tests
    part "Tests of the scripts" script_tests
    part "Lint" lint_all

    section "All parts, $(print_seconds $((SECONDS - started)))"
    if [ ${#failed_parts[@]} -gt 0 ]; then
        warn "Failed:"
        printf '  - %s\n' "${failed_parts[@]}"
    fi
    cat "$results"/*.counts | awk '{ p += $1; f += $2; s += $3 } END { printf "%d passed, %d failed, %d skipped\n", p, f, s }'
    [ ${#failed_parts[@]} -eq 0 ]
}
