# shellcheck shell=bash
# Ganymede itself: built when its sources changed, started, asked for its health, stopped. Needs common.sh, environment.sh,
# process.sh.

readonly SERVICE_DIR="$REPO_ROOT/target/quarkus-app"
readonly SERVICE_JAR="$SERVICE_DIR/quarkus-run.jar"
readonly SERVICE_STAMP="$SERVICE_DIR/.built-from"

# sources_hash: of everything that the build reads.
sources_hash() {
  (cd "$REPO_ROOT" && find pom.xml mvnw .mvn src/main -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-64)
}

service_is_built() { [[ -s "$SERVICE_JAR" && "$(cat "$SERVICE_STAMP" 2>/dev/null)" == "$(sources_hash)" ]]; }

# build_service: one build of this checkout at a time; none when the sources are those of the last one.
build_service() {
  exec {build_lock}<"$REPO_ROOT"
  flock --timeout 900 "$build_lock" || die "another build of $REPO_ROOT has been running for 15 minutes"
  if service_is_built; then
    echo "the sources are unchanged"
  else
    rm -f -- "$SERVICE_STAMP"
    (cd "$REPO_ROOT" && ./mvnw --batch-mode package -DskipTests)
    [[ -s "$SERVICE_JAR" ]] || die "the build made no $SERVICE_JAR"
    sources_hash >"$SERVICE_STAMP"
  fi
  exec {build_lock}<&-
}

# --- process ----------------------------------------------------------------------------------------------------------

ganymede_pid_file() { printf '%s/run/ganymede.pid' "$ENV_DIR"; }
ganymede_log() { printf '%s/logs/ganymede.log' "$ENV_DIR"; }

health() { curl --silent --max-time 3 --fail --output /dev/null "$(api_url)/q/health/$1"; }
ganymede_lives() { health live && [[ -s "$EDGE_DIR/nginx.conf" ]]; }
ganymede_lives_or_ended() { ganymede_lives || not_running "$(ganymede_pid_file)"; }
ganymede_is_ready() { health ready; }

# install_service: the environment runs a copy of its own. Classes are read from the jars while it runs, so a build in
# this checkout must not replace them below it.
install_service() {
  [[ -s "$SERVICE_JAR" ]] || die "Ganymede is not built: scripts/setup-all.sh"
  if runs_latest_build; then return 0; fi
  rm -rf -- "$ENV_DIR/service" "$ENV_DIR/service.new"
  cp --archive --reflink=auto -- "$SERVICE_DIR" "$ENV_DIR/service.new"
  mv -- "$ENV_DIR/service.new" "$ENV_DIR/service"
}

runs_latest_build() { [[ -s "$SERVICE_STAMP" ]] && cmp --quiet -- "$SERVICE_STAMP" "$ENV_DIR/service/.built-from"; }

# java_opts: of this call, else of the environment's settings, else ours.
java_opts() {
  printf '%s' "${JAVA_OPTS:-${EXTRA_SETTINGS[JAVA_OPTS]:--XX:MaxRAMPercentage=25 -XX:+ExitOnOutOfMemoryError}}"
}

start_ganymede() {
  if is_running "$(ganymede_pid_file)"; then
    runs_latest_build || say "it runs an older build; for the new one: scripts/envctl.sh restart $ENV_NAME ganymede"
    return 0
  fi
  install_service
  keep_old_log "$(ganymede_log)"
  local java_options
  read -ra java_options <<<"$(java_opts)"
  (
    export_env
    cd "$ENV_DIR" || exit 1
    start_process "$(ganymede_pid_file)" "$(ganymede_log)" java "${java_options[@]}" -jar "$ENV_DIR/service/quarkus-run.jar"
  )
  wait_for 60 ganymede_lives_or_ended || true
  ganymede_lives || {
    last_lines "$(ganymede_log)" 30
    die "Ganymede does not come up at $(api_url)"
  }
}

wait_until_ready() {
  wait_for 60 ganymede_is_ready && return 0
  curl --silent --max-time 5 "$(api_url)/q/health/ready" | jq --raw-output '.checks[]? | "\(.name): \(.status) \(.data // "")"' >&2 || true
  last_lines "$(ganymede_log)" 30
  die "Ganymede does not become ready"
}

# SIGTERM, then as long as its own graceful shutdown may take.
stop_ganymede() { stop_process "$(ganymede_pid_file)" Ganymede 40; }
