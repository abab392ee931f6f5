# shellcheck shell=bash
# Ganymede's jar with a PostgreSQL of its own and nothing else of the world, in a directory that is removed afterwards.
# Needs lib/all.sh.

# Not /tmp, which may be memory: what is written must come to a disk.
readonly ALONE_DIR=/var/tmp/ganymede-bench
# The bound that the snapshot store is built for.
readonly ALONE_JAVA_OPTS=(-Xmx512m -XX:+ExitOnOutOfMemoryError)

heap_log() { printf '%s/logs/heap.log' "$ENV_DIR"; }

# name_alone <pid of the script>: where its things are.
# shellcheck disable=SC2034 # read by the library
name_alone() {
  ENV_NAME="bench-$1" ENV_DIR="$ALONE_DIR-$1"
  DATABASE_DIR="$ENV_DIR/postgres" LOOPBACK_ADDRESS=127.0.0.1 GANYMEDE_LISTEN_ADDRESS=127.0.0.1 GANYMEDE_REPLICAS=1
}

make_alone() {
  name_alone "$$"
  mkdir -p -- "$ENV_DIR/logs" "$ENV_DIR/run"
  # for PostgreSQL's user
  chmod 0711 -- "$ENV_DIR"
  # Below those that the kernel gives to outgoing connections.
  DATABASE_PORT="$(free_port "$LOOPBACK_ADDRESS" 25432 tcp)" GANYMEDE_PORT="$(free_port "$LOOPBACK_ADDRESS" 26000 tcp)"
  GANYMEDE_DB_USER=ganymede GANYMEDE_DB_PASSWORD="$(openssl rand -hex 16)"
}

# start_database: with PostgreSQL's own settings, durable by default.
start_database() {
  ensure_cluster
  start_postgres
  ensure_role "$GANYMEDE_DB_USER" "$GANYMEDE_DB_PASSWORD"
  ensure_database ganymede "$GANYMEDE_DB_USER"
  # The measurement chooses when.
  sql postgres <<<"GRANT pg_checkpoint TO $GANYMEDE_DB_USER"
}

alone_lives_or_ended() { health live 1 || not_running "$(ganymede_pid_file)"; }

start_alone() {
  (
    cd "$ENV_DIR" || exit 1
    export_alone
    start_process "$(ganymede_pid_file)" "$(ganymede_log)" \
      java "${ALONE_JAVA_OPTS[@]}" "-Xlog:gc:file=$(heap_log)" -jar "$(service_copy 1)/quarkus-run.jar"
  )
  wait_for 60 alone_lives_or_ended || true
  health live 1 || {
    last_lines "$(ganymede_log)" 30
    die "Ganymede does not come up"
  }
}

# No engine, no PowerDNS, no edge: push and pull need none of them. The gateways are played, and nobody plays their /health.
export_alone() {
  export GANYMEDE_PORT GANYMEDE_LISTEN_ADDRESS GANYMEDE_DB_USER GANYMEDE_DB_PASSWORD
  export GANYMEDE_DB_URL="postgresql://$LOOPBACK_ADDRESS:$DATABASE_PORT/ganymede" GANYMEDE_DATA_DIR="$ENV_DIR/data"
  export DOCKER_HOST="unix://$ENV_DIR/no-engine.sock" PDNS_API_URL=http://127.0.0.1:1 EDGE_NGINX_BINARY=/bin/false
  export GANYMEDE_HEALTH_EVERY=1h
}

# remove_alone: ends what runs, and forgets it.
remove_alone() {
  [[ -n "${ENV_DIR:-}" && -d "$ENV_DIR" ]] || return 0
  stop_process "$(ganymede_pid_file)" Ganymede 40
  stop_process "$ENV_DIR/run/simulator.pid" "the simulator" 10
  stop_pdns
  EDGE_DIR="$ENV_DIR/seed" stop_edge
  EDGE_DIR="$ENV_DIR/edge" stop_edge
  [[ ! -d "$DATABASE_DIR" ]] || stop_postgres
  rm -rf -- "$ENV_DIR"
}

# remove_left_over: of runs that were killed before they could do so.
remove_left_over() {
  local directory owner
  for directory in "$ALONE_DIR"-*; do
    owner="${directory#"$ALONE_DIR"-}"
    [[ "$owner" =~ ^[0-9]+$ ]] || continue
    if [[ "$(tr '\0' ' ' 2>/dev/null <"/proc/$owner/cmdline" || true)" != *bench.sh* ]]; then
      name_alone "$owner"
      remove_alone
    fi
  done
  ENV_DIR=''
}
