# shellcheck shell=bash
# The zone: bursts of publications, one change in zones of different sizes, zones read back. Needs bench.sh.

# What Ganymede's guards are outside of Quarkus; a dependency of the tests only.
readonly GUARDS=io.smallrye:smallrye-fault-tolerance-standalone

# bench_dns: PowerDNS as an environment has it, and Ganymede's own adapter in a process without the rest of it.
bench_dns() {
  local libraries adapter="$REPO_ROOT/src/test/java/dev/ganymede/dns/powerdns"
  install_service 1
  libraries="$(service_copy 1)/lib/main/*:$(service_copy 1)/lib/boot/*:$(service_copy 1)/app/*:$ENV_DIR/guards/*"
  step "Compile the client"
  fetch_guards
  mkdir -p "$ENV_DIR/classes"
  javac -proc:none -d "$ENV_DIR/classes" -cp "$libraries" "$BENCH_CLASSES"/dns/*.java "$adapter"/OwnZone.java
  step "PostgreSQL and PowerDNS"
  start_zone_server
  step "Measure"
  BENCH_PDNS_URL="$PDNS_API_URL" BENCH_PDNS_KEY="$PDNS_API_KEY" BENCH_RESULTS="$RESULTS" BENCH_PLAN="$PLAN" \
    BENCH_DATE="$(date +%F)" BENCH_COMMIT="$(git_commit)" BENCH_MACHINE="$(machine)" \
    java -Xmx512m -XX:+UseSerialGC -Djava.util.logging.manager=org.jboss.logmanager.LogManager -cp "$ENV_DIR/classes:$libraries" dev.ganymede.bench.dns.DnsBench || {
    last_lines "$(pdns_log)"
    die "the measurement failed"
  }
}

# fetch_guards: in the version of Ganymede's own.
fetch_guards() {
  local jar version
  jar="$(find "$(service_copy 1)/lib/main" -name '*smallrye-fault-tolerance-api-*.jar')"
  version="${jar##*-}"
  (cd "$REPO_ROOT" && ./mvnw --batch-mode --quiet dependency:copy "-Dartifact=$GUARDS:${version%.jar}" \
    "-DoutputDirectory=$ENV_DIR/guards")
}

# shellcheck disable=SC2034 # read by the library
start_zone_server() {
  DOMAIN=bench.local HOST_ADDRESS="$LOOPBACK_ADDRESS" PDNS_API_KEY="$(openssl rand -hex 16)"
  DNS_PORT="$(free_port "$LOOPBACK_ADDRESS" 25300 udp)" PDNS_API_PORT="$(free_port "$LOOPBACK_ADDRESS" 28081 tcp)"
  PDNS_API_URL="http://$LOOPBACK_ADDRESS:$PDNS_API_PORT"
  ensure_cluster
  start_postgres
  ensure_pdns_database
  render_pdns_conf
  start_pdns
}
