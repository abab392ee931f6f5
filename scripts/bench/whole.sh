# shellcheck shell=bash
# Ganymede with all that a start needs: PostgreSQL, PowerDNS, the edge, and an agent that plays the gateways. In the
# directory of alone.sh, which removes it. Needs lib/all.sh and alone.sh.

# Of its own, since each gateway has a port that follows from its number.
readonly SIMULATOR_HOST=127.0.90.1 SIMULATOR_AGENT_PORT=7000

simulator_pid_file() { printf '%s/run/simulator.pid' "$ENV_DIR"; }
simulator_log() { printf '%s/logs/simulator.log' "$ENV_DIR"; }

# make_whole <reserve>: settings, as variables that whatever we start finds in its environment.
make_whole() {
  local dir
  export ENV_NAME ENV_DIR DATABASE_DIR DATABASE_PORT LOOPBACK_ADDRESS GANYMEDE_LISTEN_ADDRESS GANYMEDE_PORT
  export GANYMEDE_DB_USER GANYMEDE_DB_PASSWORD GANYMEDE_REPLICAS
  export GANYMEDE_DB_URL="postgresql://$LOOPBACK_ADDRESS:$DATABASE_PORT/ganymede" GANYMEDE_DATA_DIR="$ENV_DIR/data"
  export DOMAIN=bench.local HOST_ADDRESS="$LOOPBACK_ADDRESS" GANYMEDE_API_KEY PDNS_API_KEY GATEWAY_AGENT_TOKEN
  GANYMEDE_API_KEY="$(openssl rand -hex 16)" PDNS_API_KEY="$(openssl rand -hex 16)" GATEWAY_AGENT_TOKEN="$(openssl rand -hex 16)"
  export DNS_PORT PDNS_API_PORT PDNS_API_URL EDGE_HTTP_PORT EDGE_HTTPS_PORT
  DNS_PORT="$(free_port "$LOOPBACK_ADDRESS" 25300 both)" PDNS_API_PORT="$(free_port "$LOOPBACK_ADDRESS" 28081 tcp)"
  PDNS_API_URL="http://$LOOPBACK_ADDRESS:$PDNS_API_PORT"
  EDGE_HTTP_PORT="$(free_port "$LOOPBACK_ADDRESS" 28200 tcp)" EDGE_HTTPS_PORT="$(free_port "$LOOPBACK_ADDRESS" 28443 tcp)"
  export EDGE_DIR="$ENV_DIR/edge" EDGE_LISTEN_ADDRESSES="$LOOPBACK_ADDRESS" EDGE_NGINX_BINARY=nginx
  export CERTIFICATE_DIR="$ENV_DIR/certificates" GATEWAY_LOG_DIR="$ENV_DIR/gateway-pool"
  export GATEWAY_RUNTIME=static GATEWAY_AGENT_URL="http://$SIMULATOR_HOST:$SIMULATOR_AGENT_PORT" NODE_ADDRESS="$SIMULATOR_HOST"
  export GATEWAY_PING_SECONDS=180 GATEWAY_POOL_MAX=16000 GATEWAY_POOL_BUFFER="$1" GANYMEDE_POOL_PARALLEL_ACTIONS=32 GANYMEDE_POOL_CREATIONS_PER_LOOK=500
  for dir in edge certificates frontend gateway-pool; do
    mkdir -p -- "$ENV_DIR/$dir"
    chmod 0711 -- "$ENV_DIR/$dir"
  done
}

start_whole() {
  start_database
  ensure_pdns_database
  render_pdns_conf
  start_pdns
  start_simulator
  start_whole_ganymede
  wait_for 60 test -s "$EDGE_DIR/nginx.conf" || die "Ganymede makes no edge"
  start_edge
  wait_until_ready 1
}

# start_simulator: as many files as this machine lets it have; each gateway takes one, and one more while it is called.
start_simulator() {
  (
    ulimit -n "$(ulimit -H -n)"
    export SIMULATOR_ADDRESS="$SIMULATOR_HOST" SIMULATOR_PORT="$SIMULATOR_AGENT_PORT" SIMULATOR_TOKEN="$GATEWAY_AGENT_TOKEN"
    export SIMULATOR_GANYMEDE="tcp://$LOOPBACK_ADDRESS:$EDGE_HTTPS_PORT"
    start_process "$(simulator_pid_file)" "$(simulator_log)" java -Xmx1g -XX:+UseSerialGC \
      -cp "$ENV_DIR/classes:$(service_copy 1)/lib/main/*" dev.ganymede.simulator.Simulator
  )
  wait_for 20 grep -q 'listens' "$(simulator_log)" || {
    last_lines "$(simulator_log)"
    die "the simulator does not come up"
  }
}

# start_whole_ganymede: as docs/CONFIGURATION.md recommends it for a large pool.
start_whole_ganymede() {
  (
    ulimit -n "$(ulimit -H -n)"
    # glibc keeps a heap for each of many threads otherwise
    export MALLOC_ARENA_MAX=2
    cd "$ENV_DIR" || exit 1
    start_process "$(ganymede_pid_file)" "$(ganymede_log)" \
      java -Xmx160m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -jar "$(service_copy 1)/quarkus-run.jar"
  )
}
