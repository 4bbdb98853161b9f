#!/usr/bin/env bash
# Transfer slips over HTTP: what units do with them, and opening the busiest ticket.
#   TICKETS  in the store (10,000)   SLIPS  that are made for it (4,000)   the rest: common.sh
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=common.sh
. ./common.sh

seconds=${SECONDS_EACH:-8}
load() { # NAME CLIENTS SCRIPT
    echo "-- $1, $2 clients"
    wrk -t1 -c"$2" -d"${seconds}s" --latency -s "load/$3.lua" "$url" | grep -E '50%|99%|Requests/sec|Non-2xx' || true
}

make_store "${TICKETS:-10000}"
[ "$DATABASE" != sqlite ] || cp --reflink=auto "$STORES/${TICKETS:-10000}.db" "$FOLDER/slips.db"
[ "$DATABASE" != sqlite ] || STORES=$FOLDER
start "$([ "$DATABASE" = sqlite ] && echo slips || echo "${TICKETS:-10000}")"
TOKEN=$(python3 load/token.py "$url" manager1 "$SHOUWEN_DEMO_PASSWORD" ticket_create ticket_read_all ticket_act ticket_note ticket_respond staff_read)
export TOKEN
busiest=$(python3 load/slips.py "$url" "$TOKEN" tech_head "$SHOUWEN_DEMO_PASSWORD" "${SLIPS:-4000}" "$FOLDER/slips")
export SLIPS="$FOLDER/slips"
load "commands of slips" 64 slips
printf '%s\n' "$busiest" >"$FOLDER/paths"
export PATHS="$FOLDER/paths"
echo "the busiest ticket: $(curl -s -H "Authorization: Bearer $TOKEN" "$url$busiest" | wc -c) bytes, $(curl -s -H "Authorization: Bearer $TOKEN" "$url$busiest/events?limit=200" | wc -c) bytes of its first 200 events"
load "opening the busiest ticket" 1 get
printf '%s\n' "$busiest/events?limit=200" >"$FOLDER/paths"
load "its first 200 events" 1 get
stop
