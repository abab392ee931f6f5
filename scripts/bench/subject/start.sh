# shellcheck shell=bash
# From the question for a start to the first answer by the organization's name. Needs bench.sh.

# shellcheck source=scripts/bench/whole.sh
source "$SCRIPTS_DIR/bench/whole.sh"

# bench_start: everything is real but the gateways, which one process plays: so there can be ten thousand of them.
bench_start() {
  local libraries reserve=200
  [[ "$PLAN" == FULL ]] || reserve=20
  install_service 1
  libraries="$(service_copy 1)/lib/main/*"
  step "Compile the client and the simulator"
  mkdir -p "$ENV_DIR/classes"
  javac -proc:none -d "$ENV_DIR/classes" -cp "$libraries" "$BENCH_CLASSES"/start/*.java "$BENCH_CLASSES"/../simulator/*.java
  step "PostgreSQL, PowerDNS, gateways, Ganymede, edge"
  make_whole "$reserve"
  start_whole
  step "Measure"
  BENCH_API="http://$GANYMEDE_LISTEN_ADDRESS:$GANYMEDE_PORT" BENCH_API_KEY="$GANYMEDE_API_KEY" BENCH_DOMAIN="$DOMAIN" \
    BENCH_EDGE_HOST="$LOOPBACK_ADDRESS" BENCH_EDGE_PORT="$EDGE_HTTPS_PORT" BENCH_AUTHORITY="$CERTIFICATE_DIR/rootCA.pem" \
    BENCH_PID_FILE="$(ganymede_pid_file)" BENCH_RESTART="$SCRIPTS_DIR/bench/restart-whole.sh" BENCH_RESULTS="$RESULTS" \
    BENCH_PLAN="$PLAN" BENCH_DATE="$(date +%F)" BENCH_COMMIT="$(git_commit)" BENCH_MACHINE="$(machine)" \
    java -Xmx512m -XX:+UseSerialGC -cp "$ENV_DIR/classes:$libraries" dev.ganymede.bench.start.StartBench || {
    last_lines "$(ganymede_log)"
    die "the measurement failed"
  }
}
