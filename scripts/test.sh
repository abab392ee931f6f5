#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: test.sh [part...]

Runs everything, or the named parts, from a machine with no service running; installs what is missing, and ends and
removes whatever it started.

  all       (default) scripts, gateway, java, native, e2e, faults
  scripts   shellcheck of every script, and tests of the scripts' library and of backups
  gateway   the gateway image's own tests
  java      ./mvnw verify: unit and integration tests
  unit      ./mvnw test: the unit tests alone
  it        the integration tests alone
  native    Quarkus' native augmentation, sources only
  e2e       the quickstart twice and checks on the real parts, in an environment of its own
  faults    kills, stops and damages every part of an environment of its own while it works (docs/reliability.md)

environment variables, for faults
  FAULTS_KILLS     how often Ganymede is killed under load (default 100; 30 as a part of all)
  FAULTS_SEED      of the moments and of the load (default: another one in each run, which is printed)
  FAULTS_PATIENCE  factor for the bounds of convergence, for slow machines (default 1; 3 as a part of all)
  FAULTS_TESTS     only these classes, such as KillFaults,DnsFaults
EOT
}

readonly TEST_ENV="test-$$" FAULTS_ENV="test-$$-f" TEST_DOMAIN=test.ganymede.local
PASSED=() FAILED=()
DOCKER_WAS_UP='' PART_PID='' SMOKE_PID=''

# --- parts ------------------------------------------------------------------------------------------------------------

# Side by side, since most of it waits.
part_scripts() {
  local name
  mkdir -p "$SYSTEM_LOG_DIR"
  run_beside "$SYSTEM_LOG_DIR" shellcheck check_scripts library-tests "$SCRIPTS_DIR/lib/test/run.sh" \
    backup-tests "$SCRIPTS_DIR/lib/test/backup.sh" restore-tests "$SCRIPTS_DIR/lib/test/restore-kills.sh"
  for name in shellcheck library-tests backup-tests restore-tests; do say "$(tail -n 1 "$SYSTEM_LOG_DIR/$name.log")"; done
}

check_scripts() {
  local files
  mapfile -t files < <(find "$REPO_ROOT/scripts" "$REPO_ROOT/docker-images" -name node_modules -prune -o -name '*.sh' -print 2>/dev/null | sort)
  files+=("$REPO_ROOT/mvnw" "$REPO_ROOT/.ci/run")
  # A few at a time on each core: every one of them has the whole library read along.
  (cd "$REPO_ROOT" && printf '%s\0' "${files[@]}" | xargs --null --max-args=4 --max-procs=0 shellcheck --external-sources)
  say "shellcheck: ${#files[@]} files are clean"
}

part_gateway() { "$REPO_ROOT/docker-images/gateway/run-tests.sh"; }

part_unit() { maven test; }
# No unit test has that name; the integration tests are chosen by it.test and run.
part_it() { maven verify -Dtest=NoUnitTest -Dsurefire.failIfNoSpecifiedTests=false; }

# The service that verify has built is the one that the end-to-end checks run.
part_java() {
  local built_from
  built_from="$(sources_hash)"
  rm -f -- "$SERVICE_STAMP"
  maven verify
  printf '%s\n' "$built_from" >"$SERVICE_STAMP"
}

# Into target/native-sources; without the jar, which would replace the one that the end-to-end checks run.
part_native() {
  rm -rf -- "$REPO_ROOT/target/native-sources"
  maven package -Dmaven.test.skip=true -Dquarkus.native.enabled=true -Dquarkus.native.sources-only=true -Dquarkus.package.jar.enabled=false
  [[ -s "$REPO_ROOT/target/native-sources/native-image.args" ]] || die "the augmentation left no native-image.args"
}

part_e2e() {
  local check smoke_log="$SYSTEM_LOG_DIR/bench-smoke.log" began_ms
  mkdir -p "$SYSTEM_LOG_DIR"
  # The checks count on a pool of three, whatever is allocated.
  say "--- quickstart, first run"
  GATEWAY_POOL_MAX=3 ENV_NAME="$TEST_ENV" DOMAIN="$TEST_DOMAIN" "$SCRIPTS_DIR/quickstart.sh"
  # It has a world of its own and waits most of the time; its figures mean nothing.
  "$SCRIPTS_DIR/bench/smoke.sh" >"$smoke_log" 2>&1 &
  SMOKE_PID=$!
  # Whatever fails meanwhile, it comes to its end first: it removes what it made. (Run when the function is left already.)
  trap 'wait "$SMOKE_PID" || true' EXIT
  say "--- quickstart, second run"
  ENV_NAME="$TEST_ENV" DOMAIN="$TEST_DOMAIN" "$SCRIPTS_DIR/quickstart.sh"
  for check in refusals pool-client concurrent-starts orders restarts backup replicas side-by-side; do
    # What comes from here on is about time.
    [[ "$check" != concurrent-starts ]] || ends_well "$SMOKE_PID" "$smoke_log"
    say "--- $check"
    began_ms="$(now_ms)"
    "$SCRIPTS_DIR/e2e/$check.sh" "$TEST_ENV"
    note "$(seconds_since "$began_ms")"
  done
  "$SCRIPTS_DIR/envctl.sh" status "$TEST_ENV"
}

# ends_well <pid> <log>: the tiny bench.
ends_well() {
  local status=0
  say "--- bench, tiny (beside the checks before)"
  wait "$1" || status=$?
  cat -- "$2"
  return "$status"
}

# In one JVM, on one environment; the figures are what docs/reliability.md shows.
part_faults() {
  local engine_is_ours=false status=0 options=()
  # What the checks before this have left would only take time from it.
  remove_env "$TEST_ENV"
  "$SCRIPTS_DIR/faults/make-env.sh" "$FAULTS_ENV" "f.$TEST_DOMAIN"
  find_state_dir
  if [[ "$DOCKER_WAS_UP" == no ]] && is_running "$DOCKERD_PID_FILE"; then engine_is_ours=true; fi
  [[ -z "${FAULTS_SEED:-}" ]] || options+=("-Dfaults.seed=$FAULTS_SEED")
  [[ -z "${FAULTS_TESTS:-}" ]] || options+=("-Dit.test=$FAULTS_TESTS")
  rm -rf -- "$REPO_ROOT/target/faults"
  maven -Pfaults test-compile failsafe:integration-test@faults failsafe:verify@faults \
    -Dfaults.environment="$STATE_DIR/$FAULTS_ENV" -Dfaults.engine-is-ours="$engine_is_ours" \
    -Dfaults.kills="${FAULTS_KILLS:-100}" -Dfaults.patience="${FAULTS_PATIENCE:-1}" "${options[@]}" || status=$?
  if [[ -s "$REPO_ROOT/target/faults/figures.md" ]]; then
    say "--- figures (target/faults/figures.md)"
    cat "$REPO_ROOT/target/faults/figures.md"
  fi
  if [[ "$engine_is_ours" == false ]]; then
    warn "NOT tested: a restart of the Docker engine, since it was running before this script and others may use it"
  fi
  remove_env "$FAULTS_ENV"
  return "$status"
}

# remove_env <env>: with what the fault suite may have left beside it.
remove_env() {
  find_state_dir
  [[ -d "$STATE_DIR/$1" ]] || return 0
  "$SCRIPTS_DIR/faults/clean-up.sh" "$1"
  "$SCRIPTS_DIR/envctl.sh" destroy "$1" --yes
}

maven() { (cd "$REPO_ROOT" && ./mvnw --batch-mode "$@"); }

# --- before and after -------------------------------------------------------------------------------------------------

# prepare <parts...>: packages, and for what runs containers an engine and the images.
prepare() {
  install_packages "${TEST_PACKAGES[@]}" "${BUILD_PACKAGES[@]}" "${RUN_PACKAGES[@]}"
  [[ " $* " =~ " "(gateway|java|it|e2e|faults)" " ]] || return 0
  ensure_docker
  destroy_left_over
  "$SCRIPTS_DIR/build-images.sh"
}

# Environments of test runs that were killed before they could clean up.
destroy_left_over() {
  local env owner
  find_state_dir
  for env in "$STATE_DIR"/test-*; do
    env="$(basename "$env")"
    [[ "$env" =~ ^test-([0-9]+)(-b|-f)?$ ]] || continue
    owner="${BASH_REMATCH[1]}"
    if [[ "$(tr '\0' ' ' 2>/dev/null <"/proc/$owner/cmdline" || true)" != *test.sh* ]]; then
      remove_env "$env"
    fi
  done
}

end_part() {
  [[ -n "$PART_PID" ]] || return 0
  kill -TERM -- "-$PART_PID" 2>/dev/null || true
  wait "$PART_PID" 2>/dev/null || true
  PART_PID=''
}

clean_up() {
  trap - EXIT
  trap '' INT TERM
  end_part
  local env
  for env in "$TEST_ENV-b" "$FAULTS_ENV" "$TEST_ENV"; do
    remove_env "$env" || true
  done
  [[ "$DOCKER_WAS_UP" != no ]] || stop_docker
}

# run_part <name>: in a process group of its own, so that all of it can be ended.
run_part() {
  local name="$1" started_ms result=0
  started_ms="$(now_ms)"
  printf '\n%s=== %s%s\n' "$BOLD" "$name" "$PLAIN"
  set -m
  (
    set +m
    trap - EXIT INT TERM
    # Not a pipe: it would last as long as any daemon that the part started.
    "part_$name" > >(exec tee -- "$LOGS/$name") 2>&1
  ) </dev/null &
  PART_PID=$!
  set +m
  wait "$PART_PID" || result=$?
  PART_PID=''
  if ((result == 0)); then
    PASSED+=("$name")
    SUMMARY+=("${GREEN}passed${PLAIN}  $(printf '%-8s' "$name") $(seconds_since "$started_ms")$(counted "$name")")
  else
    FAILED+=("$name")
    SUMMARY+=("${RED}FAILED${PLAIN}  $(printf '%-8s' "$name") $(seconds_since "$started_ms") (exit status $result)")
  fi
}

# why <part>: the few lines of a failed part's output that tell most; a CI may keep no more than the end of ours.
why() {
  local lines
  lines="$(grep -E '^\[ERROR\] .*(:[0-9]+|»)|^not ok|^ *✗|✖|^error' "$LOGS/$1" | grep -v 'surefire-reports\|Help 1' | awk '!seen[$0]++' | tail -n 15 || true)"
  printf '\n%s--- why %s failed%s\n' "$BOLD" "$1" "$PLAIN"
  { if [[ -n "$lines" ]]; then printf '%s\n' "$lines"; else tail -n 15 -- "$LOGS/$1"; fi; } | cut -c 1-240
}

# counted <part>: how many tests Maven's reports say it ran.
counted() {
  case "$1" in java | unit | it | faults) ;; *) return 0 ;; esac
  find "$REPO_ROOT/target" -path '*-reports/TEST-*.xml' -newer "$MARKER" -exec \
    sed -n 's/.*<testsuite [^>]* tests="\([0-9]*\)".*/\1/p' {} + 2>/dev/null | awk '{ n += $1 } END { if (n) printf ", %d tests", n }'
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  require_root "$@"
  local part parts=("$@")
  if [[ "${*:-all}" == all ]]; then
    parts=(scripts gateway java native e2e faults)
    # All of it is to end within half an hour, on machines that may be busy.
    FAULTS_KILLS="${FAULTS_KILLS:-30}" FAULTS_PATIENCE="${FAULTS_PATIENCE:-3}"
  fi
  for part in "${parts[@]}"; do
    [[ "$part" =~ ^(scripts|gateway|java|unit|it|native|e2e|faults)$ ]] || die_usage "there is no part '$part'"
  done

  local started_ms
  started_ms="$(now_ms)"
  SUMMARY=() MARKER="$(mktemp)" LOGS="$(mktemp -d)"
  if docker_answers; then DOCKER_WAS_UP=yes; else DOCKER_WAS_UP=no; fi
  trap 'exit 130' INT TERM
  trap 'clean_up; rm -rf -- "$MARKER" "$LOGS"' EXIT

  printf '%s=== prepare%s\n' "$BOLD" "$PLAIN"
  prepare "${parts[@]}" </dev/null
  for part in "${parts[@]}"; do
    run_part "$part"
  done
  printf '\n%s=== clean up%s\n' "$BOLD" "$PLAIN"
  clean_up

  printf '\n%s=== summary%s (%s)\n' "$BOLD" "$PLAIN" "$(seconds_since "$started_ms")"
  printf '  %s\n' "${SUMMARY[@]}"
  printf '\n%d passed, %d failed\n' "${#PASSED[@]}" "${#FAILED[@]}"
  for part in "${FAILED[@]}"; do
    why "$part"
  done
  rm -rf -- "$MARKER" "$LOGS"
  ((${#FAILED[@]} == 0))
}

main "$@"
