#!/usr/bin/env bash
# The whole server over HTTP: intake, reads, queues and search on a small and a large store.
#   SMALL, LARGE  tickets in the two stores (10,000 and 100,000); the rest: common.sh. 1,000,000 tickets take minutes to make
# The load generator runs beside the server on the same cores. Figures end with what wrk calls them.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=common.sh
. ./common.sh

seconds=${SECONDS_EACH:-8}

load() { # NAME CLIENTS SCRIPT
    echo "-- $1, $2 clients"
    wrk -t1 -c"$2" -d"${seconds}s" --latency -s "load/$3.lua" "$url" | grep -E '50%|99%|p95|Requests/sec|Non-2xx' || true
}
paths() { printf '%s\n' "$@" >"$FOLDER/paths"; export PATHS="$FOLDER/paths"; }

measure() { # TICKETS
    echo "== $1 tickets, $DATABASE"
    make_store "$1"
    start "$1"
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
