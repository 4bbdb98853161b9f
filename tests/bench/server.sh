#!/usr/bin/env bash
# The whole server over HTTP: intake, reads, queues and search on a small and a large store.
#   SHOUWEN  the program   FOLDER  an empty folder   SMALL, LARGE  tickets in the two stores (10,000 and 100,000)
#   STORES   a folder for the stores, kept for the next run: 1,000,000 tickets take minutes to make
# The load generator runs beside the server on the same cores. Figures end with what wrk calls them.
set -euo pipefail
cd "$(dirname "$0")"

export SHOUWEN_DEMO_PASSWORD=bench-password-1
seconds=${SECONDS_EACH:-8}
url=http://127.0.0.1:18399

start() {
    local began
    began=$(date +%s%N)
    "$SHOUWEN" serve --store "sqlite:$1" --listen 127.0.0.1:18399 >"$FOLDER/log" 2>&1 &
    pid=$!
    until curl -sf "$url/readyz" >/dev/null; do kill -0 "$pid" || { cat "$FOLDER/log"; exit 1; }; done
    echo "ready after $(( ($(date +%s%N) - began) / 1000000 )) ms"
}
stop() { kill "$pid" && wait "$pid" || true; }
memory() { awk -v what="$1" '/VmRSS|VmHWM/ { printf "%s %s %.0f MB\n", what, $1, $2 / 1024 }' "/proc/$pid/status"; }
load() { # NAME CLIENTS SCRIPT
    echo "-- $1, $2 clients"
    wrk -t1 -c"$2" -d"${seconds}s" --latency -s "load/$3.lua" "$url" | grep -E '50%|99%|p95|Requests/sec|Non-2xx' || true
}
paths() { printf '%s\n' "$@" >"$FOLDER/paths"; export PATHS="$FOLDER/paths"; }

measure() { # TICKETS
    local store="${STORES:-$FOLDER}/$1.db"
    echo "== $1 tickets"
    if [ ! -f "$store" ]; then
        "$SHOUWEN" demo --store "sqlite:$store.new" --tickets "$1" 2>/dev/null | sed -n 2p
        mv "$store.new" "$store"
    fi
    start "$store"
    memory idle
    TOKEN=$(python3 load/token.py "$url" manager1 "$SHOUWEN_DEMO_PASSWORD" ticket_create ticket_read_all ticket_act ticket_respond ticket_note customer_read article_read)
    export TOKEN
    curl -s -H "Authorization: Bearer $TOKEN" "$url/api/v1/tickets?view=all&limit=200" | python3 -c \
        'import json, sys; print("\n".join("/api/v1/tickets/" + t["id"] for t in json.load(sys.stdin)["items"]))' >"$FOLDER/ids"
    export PATHS="$FOLDER/ids"
    load "read one ticket" 64 get
    paths '/api/v1/tickets?view=overdue' '/api/v1/tickets?view=all' '/api/v1/tickets?view=inbox'
    load "first page of a queue" 64 get
    paths '/api/v1/search?q=%E5%81%9C%E8%BD%A6&limit=20' '/api/v1/search?q=%E9%80%80%E6%AC%BE&limit=20' '/api/v1/search?q=%E7%94%B5%E6%A2%AF%20%E6%95%85%E9%9A%9C&limit=20' '/api/v1/search?q=0000&limit=20'
    load "search" 4 get
    load "create a ticket" 1 create
    load "create a ticket" 64 create
    memory "after the load"
    stop
}

measure "${SMALL:-10000}"
measure "${LARGE:-100000}"
