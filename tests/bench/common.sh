# For the scripts beside it: a server of the program on either database.
#   SHOUWEN  the program   FOLDER  an empty folder   STORES  a folder for the stores, kept for the next run
#   PORT  where it listens
#   DATABASE  sqlite or postgres (a server of its own, started here, with the settings that Debian gives it)
# shellcheck shell=bash
export SHOUWEN_DEMO_PASSWORD=bench-password-1
DATABASE=${DATABASE:-sqlite}
STORES=${STORES:-$FOLDER}
port=${PORT:-18399}
url=http://127.0.0.1:$port

as_postgres() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start_postgres() {
    postgres=$STORES/postgres
    programs=$(find /usr/lib/postgresql -name initdb -printf '%h\n' | sort -V | tail -1)
    [ -n "$programs" ] || { echo "PostgreSQL is not installed"; exit 1; }
    mkdir -p "$postgres"
    [ "$(id -u)" != 0 ] || chown postgres "$postgres" && chmod a+x "$STORES" "$postgres"
    [ -d "$postgres/data" ] || as_postgres "$programs/initdb" -D "$postgres/data" -A trust -U postgres -E UTF8 --no-locale >/dev/null
    as_postgres "$programs/pg_ctl" -D "$postgres/data" -w -l "$postgres/log" -o "-c listen_addresses='' -k $postgres" start >/dev/null
}
pid=
leave() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    [ "$DATABASE" = sqlite ] || as_postgres "$programs/pg_ctl" -D "$postgres/data" -m fast stop >/dev/null
}
trap leave EXIT
[ "$DATABASE" = sqlite ] || start_postgres

store_of() { # NAME
    if [ "$DATABASE" = sqlite ]; then echo "sqlite:$STORES/$1.db"; else echo "postgresql:///bench_$1?host=$postgres&user=postgres"; fi
}

# A store of demo tickets, unless an earlier run left it.
make_store() { # TICKETS
    local ready=$STORES/$1.db
    [ "$DATABASE" = sqlite ] || ready=$STORES/$1.postgres
    [ ! -e "$ready" ] || return 0
    if [ "$DATABASE" = sqlite ]; then
        "$SHOUWEN" demo --store "sqlite:$ready.new" --tickets "$1" 2>/dev/null | sed -n 2p
        mv "$ready.new" "$ready"
    else
        as_postgres "$programs/dropdb" --if-exists -h "$postgres" "bench_$1"
        as_postgres "$programs/createdb" -h "$postgres" "bench_$1"
        if [ -e "$STORES/$1.db" ]; then
            "$SHOUWEN" copy --from "sqlite:$STORES/$1.db" --to "$(store_of "$1")" 2>/dev/null | tail -1
        else
            "$SHOUWEN" demo --store "$(store_of "$1")" --tickets "$1" 2>/dev/null | sed -n 2p
        fi
        as_postgres "$programs/psql" -q -h "$postgres" -d "bench_$1" -c "VACUUM ANALYZE"
        touch "$ready"
    fi
}

start() { # TICKETS
    local began
    began=$(date +%s%N)
    "$SHOUWEN" serve --store "$(store_of "$1")" --listen "127.0.0.1:$port" >"$FOLDER/log" 2>&1 &
    pid=$!
    until curl -sf "$url/readyz" >/dev/null; do kill -0 "$pid" || { cat "$FOLDER/log"; exit 1; }; done
    echo "ready after $(( ($(date +%s%N) - began) / 1000000 )) ms"
}
stop() {
    kill "$pid" && wait "$pid" || true
    pid=
}
memory() { awk -v what="$1" '/VmRSS|VmHWM/ { printf "%s %s %.0f MB\n", what, $1, $2 / 1024 }' "/proc/$pid/status"; }
