#!/usr/bin/env bash
# The agents' workbench in Chromium: first paint, what is loaded before it is usable, and whether anything stalls while a
# queue of more than 10,000 rows goes by.
#   SHOUWEN  the program   FOLDER  an empty folder   ROWS  tickets in the queue (11,000)   TIMES  starts measured (9)
# Browser and server share the machine's cores; the browser's processor is not slowed down.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
for part in console packages node server; do
    # shellcheck source=/dev/null
    . "scripts/lib/$part.sh"
done
use_node

export SHOUWEN_DEMO_PASSWORD=bench-password-1
trap stop_server EXIT
"$SHOUWEN" demo --store "sqlite:$FOLDER/workbench.db" --tickets "${DEMO_TICKETS:-20000}" >"$FOLDER/demo" 2>/dev/null
start_server "$FOLDER" --store "sqlite:$FOLDER/workbench.db" --web web/dist
# shellcheck disable=SC2154  # set by start_server
SHOUWEN_URL="$server_url" node web/e2e/bench/workbench.mjs
