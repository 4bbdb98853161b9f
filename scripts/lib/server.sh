# shellcheck shell=bash disable=SC2034,SC2154  # what one part sets, another uses
# A server for the length of a script. Sourced; needs console.sh.

server_pid='' server_url=''

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_server FOLDER [ARGS for serve] - sets server_url and server_pid; its log is FOLDER/server.log.
start_server() {
    local folder=$1 tries
    shift
    # Between finding a port and binding it, somebody else may take it: then the next one.
    for tries in 1 2 3; do
        server_url="http://127.0.0.1:$(free_port)"
        build/release/shouwen serve --listen "${server_url#http://}" "$@" >"$folder/server.log" 2>&1 &
        server_pid=$!
        if wait_until_ready; then return 0; fi
        stop_server
    done
    tail -n 50 "$folder/server.log" >&2
    warn "The server does not become ready (try $tries)."
    return 1
}

# Ready, or dead, or half a minute over.
wait_until_ready() {
    local end=$((SECONDS + 30))
    while [ $SECONDS -lt $end ]; do
        curl -fsS -o /dev/null --max-time 2 "$server_url/readyz" 2>/dev/null && return 0
        kill -0 "$server_pid" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

stop_server() {
    [ -n "$server_pid" ] || return 0
    kill "$server_pid" 2>/dev/null
    wait "$server_pid" 2>/dev/null
    server_pid=''
}
