# shellcheck shell=bash disable=SC2034,SC2154  # what one part sets, another uses
# A PostgreSQL of its own, several nodes and nginx in front, on one machine. Sourced; needs console.sh, server.sh and $root.

cluster_folder='' cluster_sockets='' cluster_port='' cluster_url='' cluster_store=''
node_ports=() node_pids=() nginx_pid=''
postgres_programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)

# As the database's own user where we are root: PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start_postgres() {
    local data="$cluster_folder/postgres"
    # A socket's path may have 107 letters, which the folder's may not.
    cluster_sockets=$(mktemp -d "${TMPDIR:-/tmp}/shouwen-cluster-XXXXXX")
    if [ "$(id -u)" -eq 0 ]; then
        mkdir -p "$data"
        chown postgres "$cluster_sockets" "$data"
        chmod o+x "$cluster_folder"
    fi
    if [ ! -f "$data/PG_VERSION" ]; then
        as_postgres "$postgres_programs/initdb" -D "$data" -A trust -U postgres -E UTF8 --no-locale >"$cluster_folder/initdb.log" 2>&1 ||
            { tail "$cluster_folder/initdb.log" >&2 && return 1; }
    fi
    as_postgres "$postgres_programs/pg_ctl" -s -w -D "$data" -l "$cluster_sockets/postgres.log" \
        -o "-c listen_addresses='' -k $cluster_sockets -c max_connections=200" start || return 1
    cluster_store="postgresql:///shouwen?host=$cluster_sockets&user=postgres"
    as_postgres "$postgres_programs/psql" -qtA -h "$cluster_sockets" -U postgres -c "SELECT 1 FROM pg_database WHERE datname = 'shouwen'" |
        grep -q 1 || as_postgres "$postgres_programs/createdb" -h "$cluster_sockets" -U postgres shouwen
}

# start_node NUMBER - on its port; its log is FOLDER/nodeNUMBER.log.
start_node() {
    local number=$1 web=''
    [ -f web/dist/index.html ] && web="$root/web/dist"
    SHOUWEN_HTTP_TRUSTED_PROXIES=127.0.0.1 SHOUWEN_SECURITY_COOKIE_SECURE=false SHOUWEN_DATA_DIR="$cluster_folder/data" \
        SHOUWEN_HTTP_WEB="$web" \
        build/release/shouwen serve --config docs/deploy/shouwen.toml --store "$cluster_store" \
        --listen "127.0.0.1:${node_ports[$number]}" >>"$cluster_folder/node$number.log" 2>&1 &
    node_pids[number]=$!
    server_pid=${node_pids[$number]} server_url="http://127.0.0.1:${node_ports[$number]}"
    wait_until_ready && return 0
    tail -n 20 "$cluster_folder/node$number.log" >&2
    return 1
}

stop_node() {
    local number=$1
    [ -n "${node_pids[$number]:-}" ] || return 0
    kill "${node_pids[$number]}" 2>/dev/null
    wait "${node_pids[$number]}" 2>/dev/null
    node_pids[number]=''
}

start_nginx() {
    local port
    mkdir -p "$cluster_folder/nginx"
    {
        echo "daemon off; pid $cluster_folder/nginx/pid; error_log $cluster_folder/nginx/error.log; worker_processes 1;"
        if [ "$(id -u)" -eq 0 ]; then echo "user root;"; fi
        echo "events { worker_connections 4096; }"
        echo "http { access_log off; default_type application/octet-stream;"
        for part in client_body proxy fastcgi uwsgi scgi; do echo "${part}_temp_path $cluster_folder/nginx/$part;"; done
        echo "upstream shouwen { least_conn;"
        for port in "${node_ports[@]}"; do echo "server 127.0.0.1:$port max_fails=1 fail_timeout=2s;"; done
        echo "} server { listen 127.0.0.1:$cluster_port; include $root/docs/deploy/nginx/proxy.conf; } }"
    } >"$cluster_folder/nginx.conf"
    nginx -e "$cluster_folder/nginx/error.log" -p "$cluster_folder/nginx" -c "$cluster_folder/nginx.conf" &
    nginx_pid=$!
    local end=$((SECONDS + 15))
    until curl -fsS -o /dev/null --max-time 2 "$cluster_url/healthz" 2>/dev/null; do
        if ! kill -0 "$nginx_pid" 2>/dev/null || [ $SECONDS -ge $end ]; then
            tail "$cluster_folder/nginx/error.log" >&2
            return 1
        fi
        sleep 0.1
    done
}

# start_cluster FOLDER PORT NODES - makes what is not there yet. The first node brings the schema up.
start_cluster() {
    local number
    cluster_folder=$(mkdir -p "$1" && cd "$1" && pwd) cluster_port=$2 cluster_url="http://127.0.0.1:$2"
    mkdir -p "$cluster_folder/data"
    start_postgres || return 1
    if [ ! -f "$cluster_folder/logins.txt" ]; then
        (umask 077 && build/release/shouwen demo --store "$cluster_store" >"$cluster_folder/logins.new") || return 1
        mv "$cluster_folder/logins.new" "$cluster_folder/logins.txt"
    fi
    for number in $(seq 0 $(($3 - 1))); do
        node_ports[number]=$(free_port)
        start_node "$number" || return 1
    done
    start_nginx
}

stop_cluster() {
    local number
    [ -z "$nginx_pid" ] || kill "$nginx_pid" 2>/dev/null
    for number in "${!node_pids[@]}"; do stop_node "$number"; done
    [ -z "$nginx_pid" ] || wait "$nginx_pid" 2>/dev/null
    nginx_pid=''
    if [ -n "$cluster_sockets" ]; then
        as_postgres "$postgres_programs/pg_ctl" -s -D "$cluster_folder/postgres" -m fast stop
        rm -rf "$cluster_sockets"
        cluster_sockets=''
    fi
}
