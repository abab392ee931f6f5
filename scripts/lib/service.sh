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
    (cd "$REPO_ROOT" && ./mvnw --batch-mode package -Dmaven.test.skip=true)
    [[ -s "$SERVICE_JAR" ]] || die "the build made no $SERVICE_JAR"
    sources_hash >"$SERVICE_STAMP"
  fi
  exec {build_lock}<&-
}

# --- its processes ----------------------------------------------------------------------------------------------------

# An environment has one or several: replicas, numbered from 1, on one database. The first one's names have no number.
replicas() { seq 1 "$GANYMEDE_REPLICAS"; }
# numbered <replica> <separator>: "" for the first one.
numbered() { (($1 == 1)) || printf '%s%s' "$2" "$1"; }

ganymede_pid_file() { printf '%s/run/ganymede%s.pid' "$ENV_DIR" "$(numbered "${1:-1}" -)"; }
ganymede_log() { printf '%s/logs/ganymede%s.log' "$ENV_DIR" "$(numbered "${1:-1}" -)"; }
ganymede_pid() { running_pid "$(ganymede_pid_file "${1:-1}")"; }
service_copy() { printf '%s/service%s' "$ENV_DIR" "$(numbered "$1" -)"; }

ganymede_port() {
  if (($1 == 1)); then printf '%s' "$GANYMEDE_PORT"; else printf '%s' "${EXTRA_SETTINGS["GANYMEDE_PORT_$1"]:-}"; fi
}

replica_url() { printf 'http://%s:%s' "$GANYMEDE_LISTEN_ADDRESS" "$(ganymede_port "$1")"; }

# replica_addresses: all of them, for the edge; the same for every replica.
replica_addresses() {
  local replica addresses=''
  for replica in $(replicas); do
    addresses+="${addresses:+,}$GANYMEDE_LISTEN_ADDRESS:$(ganymede_port "$replica")"
  done
  printf '%s' "$addresses"
}

# choose_replica_ports: one for each replica that has none, recorded like the others.
choose_replica_ports() {
  local replica last="$GANYMEDE_PORT"
  for replica in $(replicas); do
    [[ -n "$(ganymede_port "$replica")" ]] || EXTRA_SETTINGS["GANYMEDE_PORT_$replica"]="$(free_port "$LOOPBACK_ADDRESS" "$((last + 1))" tcp)"
    last="$(ganymede_port "$replica")"
  done
}

# running_replica: the first one that runs, or else the first one.
running_replica() {
  local replica
  for replica in $(replicas); do
    if is_running "$(ganymede_pid_file "$replica")"; then
      printf '%s' "$replica"
      return 0
    fi
  done
  printf 1
}

health() { curl --silent --max-time 3 --fail --output /dev/null "$(replica_url "$2")/q/health/$1"; }
ganymede_lives() { health live "$1" && [[ -s "$EDGE_DIR/nginx.conf" ]]; }
ganymede_lives_or_ended() { ganymede_lives "$1" || not_running "$(ganymede_pid_file "$1")"; }
ganymede_is_ready() { health ready "$1"; }

# ganymede_leads <replica>: it is the one that runs the loops.
ganymede_leads() {
  curl --silent --max-time 3 "$(replica_url "$1")/q/health/ready" |
    jq --exit-status '.checks[] | select(.name == "leadership") | .data.leader' >/dev/null 2>&1
}

# install_service <replica>: each runs a copy of its own. Classes are read from the jars while it runs, so neither a build
# in this checkout nor another replica's restart must replace them below it.
install_service() {
  local copy
  copy="$(service_copy "$1")"
  [[ -s "$SERVICE_JAR" ]] || die "Ganymede is not built: scripts/setup-all.sh"
  if runs_latest_build "$1"; then return 0; fi
  rm -rf -- "$copy" "$copy.new"
  cp --archive --reflink=auto -- "$SERVICE_DIR" "$copy.new"
  mv -- "$copy.new" "$copy"
}

runs_latest_build() { [[ -s "$SERVICE_STAMP" ]] && cmp --quiet -- "$SERVICE_STAMP" "$(service_copy "$1")/.built-from"; }

# java_opts: of this call, else of the environment's settings, else ours.
java_opts() {
  printf '%s' "${JAVA_OPTS:-${EXTRA_SETTINGS[JAVA_OPTS]:--XX:MaxRAMPercentage=25 -XX:+ExitOnOutOfMemoryError}}"
}

# start_replica <replica>: returns when it lives.
start_replica() {
  local replica="$1" pid_file log java_options
  pid_file="$(ganymede_pid_file "$replica")" log="$(ganymede_log "$replica")"
  if is_running "$pid_file"; then
    runs_latest_build "$replica" || say "it runs an older build; for the new one: scripts/envctl.sh restart $ENV_NAME ganymede"
    return 0
  fi
  install_service "$replica"
  keep_old_log "$log"
  read -ra java_options <<<"$(java_opts)"
  (
    export_env
    cd "$ENV_DIR" || exit 1
    start_process "$pid_file" "$log" \
      env "GANYMEDE_REPLICA_ADDRESSES=$(replica_addresses)" "GANYMEDE_PORT=$(ganymede_port "$replica")" \
      java "${java_options[@]}" -jar "$(service_copy "$replica")/quarkus-run.jar"
  )
  wait_for 120 ganymede_lives_or_ended "$replica" || true
  ganymede_lives "$replica" || {
    last_lines "$log" 30
    die "Ganymede does not come up at $(replica_url "$replica")"
  }
}

start_ganymede() {
  local replica
  choose_replica_ports
  write_env_file
  for replica in $(replicas); do
    start_replica "$replica"
  done
}

# wait_until_ready [replica]: all of them, without one.
wait_until_ready() {
  local replica
  for replica in ${1:-$(replicas)}; do
    wait_for 60 ganymede_is_ready "$replica" || {
      curl --silent --max-time 5 "$(replica_url "$replica")/q/health/ready" | jq --raw-output '.checks[]? | "\(.name): \(.status) \(.data // "")"' >&2 || true
      last_lines "$(ganymede_log "$replica")" 30
      die "Ganymede does not become ready at $(replica_url "$replica")"
    }
  done
}

# SIGTERM, then as long as its own graceful shutdown may take.
stop_replica() { stop_process "$(ganymede_pid_file "$1")" "Ganymede$(numbered "$1" ' ')" 40; }

# All that run, also those which the settings do not count any more.
stop_ganymede() {
  local file replica
  for file in "$ENV_DIR"/run/ganymede*.pid; do
    [[ -e "$file" ]] || continue
    replica="${file##*/ganymede}" replica="${replica%.pid}" replica="${replica#-}"
    stop_replica "${replica:-1}"
  done
}

# One after the other, so that with two of them somebody always answers.
restart_ganymede() {
  local replica file
  choose_replica_ports
  write_env_file
  for replica in $(replicas); do
    stop_replica "$replica"
    start_replica "$replica"
    if ((GANYMEDE_REPLICAS > 1)) && edge_runs; then wait_until_ready "$replica"; fi
  done
  for file in "$ENV_DIR"/run/ganymede-*.pid; do
    [[ -e "$file" ]] || continue
    replica="${file##*/ganymede-}" replica="${replica%.pid}"
    ((replica <= GANYMEDE_REPLICAS)) || stop_replica "$replica"
  done
}
