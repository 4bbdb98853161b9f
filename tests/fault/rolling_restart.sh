#!/usr/bin/env bash
# F2: three nodes behind nginx are restarted one after the other while clients write and read: no request fails.
# shellcheck disable=SC2154  # set by scripts/lib/cluster.sh
#   tests/fault/rolling_restart.sh [ROUNDS]      needs build/release/shouwen, PostgreSQL and nginx (./dev cluster installs them)
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit 1
for part in console packages server cluster; do
    # shellcheck source=/dev/null
    . "$root/scripts/lib/$part.sh"
done
install_packages cluster

folder=$(mktemp -d)
load_pid=''
# shellcheck disable=SC2317  # called by the trap
clean_up() {
    [ -z "$load_pid" ] || kill "$load_pid" 2>/dev/null
    stop_cluster
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

export SHOUWEN_DEMO_PASSWORD=rolling-restart-1
start_cluster "$folder" "$(free_port)" 3 || die "The cluster does not start."
python3 tests/fault/rolling_restart_load.py "$cluster_url" manager1 "$SHOUWEN_DEMO_PASSWORD" "$folder/done" &
load_pid=$!

# answered COUNT - waits until the clients have had so many answers more.
answered() {
    local target=$(($(cat "$folder/done" 2>/dev/null || echo 0) + $1)) end=$((SECONDS + 60))
    until [ "$(cat "$folder/done" 2>/dev/null || echo 0)" -ge "$target" ]; do
        kill -0 "$load_pid" 2>/dev/null && [ $SECONDS -lt $end ] || return 1
        sleep 0.05
    done
}

for round in $(seq "${1:-2}"); do
    for number in 0 1 2; do
        answered 200 || die "The clients get no answers."
        stop_node "$number"
        answered 200 || die "The clients get no answers from two nodes."
        start_node "$number" || die "Node $number does not come back."
        say "round $round: node $number restarted"
    done
done
answered 200
kill "$load_pid"
wait "$load_pid"
status=$?
load_pid=''
build/release/shouwen verify --store "$cluster_store" | tail -n 1
exit $status
