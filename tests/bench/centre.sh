#!/usr/bin/env bash
# A day of a centre of 300 agents in four minutes, on both databases, and many open pages.
#   TICKETS  in the store before (10,000)   SECONDS_EACH  that the day takes (240)   SUBSCRIBERS  open pages (10,000)
#   SEE_ALL  of the open pages (300); the rest are merchants' staff, whom a matter of the platform does not concern
#   CENTRE_DAY  the load generator, by default beside SHOUWEN; the rest: common.sh
set -euo pipefail
cd "$(dirname "$0")"
day=${CENTRE_DAY:-$(dirname "$SHOUWEN")/centre_day}
tickets=${TICKETS:-10000}
pages=${SUBSCRIBERS:-10000}
databases=${DATABASE:-sqlite postgres}
ulimit -n "$(ulimit -Hn)"

for DATABASE in $databases; do (
    # shellcheck source=common.sh
    . ./common.sh
    make_store "$tickets"

    echo "== a day of 300 agents in ${SECONDS_EACH:-240} s, $tickets tickets before, $DATABASE"
    start "$tickets"
    "$day" --url "127.0.0.1:$port" --password "$SHOUWEN_DEMO_PASSWORD" --seconds "${SECONDS_EACH:-240}"
    memory "after the day"
    stop

    echo "== $pages open pages, ${SEE_ALL:-300} of which see everything, two commands a second, $DATABASE"
    start "$tickets"
    memory before
    "$day" --url "127.0.0.1:$port" --password "$SHOUWEN_DEMO_PASSWORD" --seconds 30 --calls 20 \
        --subscribers "$pages" --see-all "${SEE_ALL:-300}" &
    generator=$!
    wait "$generator"
    memory "after the pages"
    stop
) done
