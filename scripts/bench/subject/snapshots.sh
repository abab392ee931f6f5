# shellcheck shell=bash
# Push and pull of snapshots. Needs bench.sh.

# bench_snapshots: the client is a process of its own, run from sources with the libraries that Ganymede has.
bench_snapshots() {
  local libraries
  install_service 1
  libraries="$(service_copy 1)/lib/main/*"
  step "Compile the client"
  mkdir -p "$ENV_DIR/classes"
  javac -proc:none -d "$ENV_DIR/classes" -cp "$libraries" "$BENCH_CLASSES"/*.java
  step "PostgreSQL and Ganymede"
  start_database
  start_alone
  step "Measure"
  BENCH_DATABASE="postgresql://$GANYMEDE_DB_USER:$GANYMEDE_DB_PASSWORD@$LOOPBACK_ADDRESS:$DATABASE_PORT/ganymede" \
    BENCH_GANYMEDE_PORT="$GANYMEDE_PORT" BENCH_GANYMEDE_PID="$(ganymede_pid 1)" BENCH_POSTGRES_PID="$(postgres_pid)" \
    BENCH_SCRATCH="$ENV_DIR" BENCH_HEAP_LOG="$(heap_log)" BENCH_RESULTS="$RESULTS" BENCH_PLAN="$PLAN" \
    BENCH_DATE="$(date +%F)" BENCH_COMMIT="$(git_commit)" BENCH_MACHINE="$(machine)" \
    java -Xms2g -Xmx2g -XX:+UseSerialGC -cp "$ENV_DIR/classes:$libraries" dev.ganymede.bench.SnapshotBench || {
    last_lines "$(ganymede_log)"
    die "the measurement failed"
  }
}
