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
  make_seed
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

# make_seed: an nginx, a zone and a pool for the seed's own flow (bench/baselines/seed).
make_seed() {
  export BENCH_SEED="$REPO_ROOT/bench/baselines/seed" NGINX_DIR="$ENV_DIR/seed" POOL_DIR="$ENV_DIR/seed/pool"
  export SEED_DOMAIN=seed.local SEED_ADDRESS
  SEED_ADDRESS="$LOOPBACK_ADDRESS:$(free_port "$LOOPBACK_ADDRESS" 28643 tcp)"
  mkdir -p "$NGINX_DIR/conf.d" "$POOL_DIR"
  render_template "$BENCH_SEED/nginx.conf" "SEED_ADDRESS=$SEED_ADDRESS" >"$NGINX_DIR/nginx.conf"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$SEED_DOMAIN" \
    -addext "subjectAltName=DNS:*.$SEED_DOMAIN" -keyout "$NGINX_DIR/ssl-key.pem" -out "$NGINX_DIR/ssl-cert.pem" 2>/dev/null
  curl --silent --fail --output /dev/null --header @<(printf 'X-API-Key: %s\n' "$PDNS_API_KEY") --header 'Content-Type: application/json' \
    --data "{\"name\": \"$SEED_DOMAIN.\", \"kind\": \"Native\", \"nameservers\": [\"ns1.$SEED_DOMAIN.\"]}" \
    "$PDNS_API_URL/api/v1/servers/localhost/zones" || die "PowerDNS makes no zone for the seed's flow"
}
