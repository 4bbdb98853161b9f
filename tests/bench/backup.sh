#!/usr/bin/env bash
# A backup of a large store under load: what creates take before, during and after it, how long it takes, and the way back.
#   TICKETS  in the store, 1,000,000 by default   RATE  creates a second all the while: 50 by default, many times what a centre
#   of 300 agents does at its busiest   FULL=1  also as many as the server takes   the rest: common.sh
# Needs room in FOLDER for two and a half stores.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=common.sh
. ./common.sh

rate=${RATE:-50}
bytes_of() { du -sb "$1" | cut -f1; }
wal_mb() { echo $(($(stat -c %s "$FOLDER/store.db-wal" 2>/dev/null || echo 0) / 1000000)); }

steady() { # NAME SECONDS: creates at a steady rate over one connection each
    python3 load/steady.py "$url" "$TOKEN" "$rate" "$2" | sed "s/^/$1: /"
}

make_store "${TICKETS:-1000000}"
cp --reflink=auto "$STORES/${TICKETS:-1000000}.db" "$FOLDER/store.db"
sync  # what the copy left in memory would otherwise be written during the first figures
STORES=$FOLDER
start store
TOKEN=$(python3 load/token.py "$url" manager1 "$SHOUWEN_DEMO_PASSWORD" ticket_create ticket_read_all ticket_act ticket_respond)
export TOKEN
steady "before" 20

backup() { # NAME
    python3 load/steady.py "$url" "$TOKEN" "$rate" 3600 >"$FOLDER/during" &
    local load=$! most=0 began=$SECONDS
    "$SHOUWEN" backup "$FOLDER/backups/" --store "sqlite:$FOLDER/store.db" &
    local backup=$!
    while kill -0 $backup 2>/dev/null; do
        local now
        now=$(wal_mb)
        if ((now > most)); then most=$now; fi
        sleep 1
    done
    wait $backup
    echo "$1 backup: $((SECONDS - began)) s, log at most $most MB"
    kill -INT $load
    wait $load || true
    sed "s/^/during the $1 backup: /" "$FOLDER/during"
}
backup first
backup second
echo "folder: $(bytes_of "$FOLDER/backups") bytes for a store of $(bytes_of "$FOLDER/store.db")"
if [ "${FULL:-}" ]; then
    wrk -t1 -c64 -d20s --latency -s load/create.lua "$url" | grep -E '50%|99%|Requests/sec' | sed 's/^/64 clients, no backup: /'
    "$SHOUWEN" backup "$FOLDER/backups/" --store "sqlite:$FOLDER/store.db" &
    backup=$!
    wrk -t1 -c64 -d20s --latency -s load/create.lua "$url" | grep -E '50%|99%|Requests/sec' | sed 's/^/64 clients, during one: /'
    wait $backup
fi
stop
rm -f "$FOLDER"/store.db*
began=$SECONDS
"$SHOUWEN" restore "$FOLDER/backups" --store "sqlite:$FOLDER/restored.db"
echo "restored and verified in $((SECONDS - began)) s"
