# shellcheck shell=bash
# A change of one route, on the edge in both modes and on its peers. Needs bench.sh.

# shellcheck disable=SC2034 # by bench.sh's name of the subject
readonly ROUTES_PACKAGES=(haproxy caddy) ROUTES_BASELINES="$REPO_ROOT/bench/baselines"

# bench_routes: no PostgreSQL, no Ganymede: its edge is opened by the client itself, with Ganymede's classes.
bench_routes() {
  local copy libraries
  install_service 1
  copy="$(service_copy 1)"
  libraries="$copy/app/*:$copy/lib/main/*:$copy/lib/boot/*"
  step "The peers"
  install_packages "${ROUTES_PACKAGES[@]}"
  # npm comes with some builds of node, and Debian's would not go beside those
  command -v npm >/dev/null || install_packages nodejs npm
  step "Compile the client"
  mkdir -p "$ENV_DIR/classes" "$ENV_DIR/scratch"
  # nginx's workers pass on their way to the certificates
  chmod 0711 -- "$ENV_DIR/scratch"
  javac -proc:none -d "$ENV_DIR/classes" -cp "$libraries" "$BENCH_CLASSES"/routes/*.java \
    "$BENCH_CLASSES/../edge/nginx/BenchEdge.java"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=bench.test \
    -keyout "$ENV_DIR/scratch/key.pem" -out "$ENV_DIR/scratch/certificate.pem" 2>/dev/null
  step "Measure"
  BENCH_SCRATCH="$ENV_DIR/scratch" BENCH_BASELINES="$ROUTES_BASELINES" BENCH_RESULTS="$RESULTS" BENCH_PLAN="$PLAN" \
    BENCH_DATE="$(date +%F)" BENCH_COMMIT="$(git_commit)" BENCH_MACHINE="$(machine)" \
    java -Xmx1g -XX:+UseSerialGC -cp "$ENV_DIR/classes:$libraries" dev.ganymede.bench.routes.RoutesBench ||
    die "the measurement failed"
}
