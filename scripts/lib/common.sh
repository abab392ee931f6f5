# shellcheck shell=bash
# What every script shares: messages and numbered steps, refusing bad arguments, becoming root, waiting with a deadline.
# Sourced, never run. It changes nothing by itself.

[[ -n "${GANYMEDE_COMMON_LOADED:-}" ]] && return 0
readonly GANYMEDE_COMMON_LOADED=1

SCRIPTS_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
REPO_ROOT="$(cd "$SCRIPTS_DIR/.." && pwd -P)"
# shellcheck disable=SC2034 # used by the rest of the library
readonly SCRIPTS_DIR REPO_ROOT
# shellcheck disable=SC2034
readonly SYSTEM_LOG_DIR=/var/log/ganymede SYSTEM_RUN_DIR=/run/ganymede

# --- messages ---------------------------------------------------------------------------------------------------------

# A script started by another one indents its messages below the step that started it.
LOG_INDENT="${LOG_INDENT:-}"

if [[ -t 1 && -z "${NO_COLOR:-}" && "${TERM:-dumb}" != dumb ]]; then
  readonly BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
  readonly BOLD='' DIM='' RED='' GREEN='' YELLOW='' PLAIN=''
fi

say()  { printf '%s%s\n' "$LOG_INDENT" "$*"; }
ok()   { printf '%s%s✓%s %s\n' "$LOG_INDENT" "$GREEN" "$PLAIN" "$*"; }
note() { printf '%s%s%s%s\n' "$LOG_INDENT" "$DIM" "$*" "$PLAIN"; }
warn() { printf '%s%s! %s%s\n' "$LOG_INDENT" "$YELLOW" "$*" "$PLAIN" >&2; }
fail() { printf '%s%s✗ %s%s\n' "$LOG_INDENT" "$RED" "$*" "$PLAIN" >&2; }
die()  { fail "$@"; exit 1; }

# Wrong use of a script: says what is wrong, then how it is meant. Every script defines usage().
die_usage() {
  fail "$@"
  usage >&2
  exit 2
}

now_ms() {
  local micros="${EPOCHREALTIME/[.,]/}"
  printf '%s' "$((micros / 1000))"
}

# seconds_since <start in ms> -> "12.3 s"
seconds_since() {
  local elapsed_ms=$(($(now_ms) - $1))
  printf '%d.%d s' "$((elapsed_ms / 1000))" "$((elapsed_ms % 1000 / 100))"
}

STEP_NUMBER=0 STEP_COUNT='' STEP_STARTED_MS=''
readonly STEP_BASE_INDENT="$LOG_INDENT"

# steps <count>: how many numbered steps follow.
steps() { STEP_COUNT="$1"; STEP_NUMBER=0; }

# step <title>: ends the step before and begins the next one.
step() {
  step_done
  STEP_NUMBER=$((STEP_NUMBER + 1)) STEP_STARTED_MS="$(now_ms)"
  printf '%s%s[%s%s] %s%s\n' "$STEP_BASE_INDENT" "$BOLD" "$STEP_NUMBER" "${STEP_COUNT:+/$STEP_COUNT}" "$*" "$PLAIN"
  LOG_INDENT="$STEP_BASE_INDENT      "
}

# step_done: ends the current step and prints how long it took.
step_done() {
  [[ -n "$STEP_STARTED_MS" ]] || return 0
  ok "done ${DIM}($(seconds_since "$STEP_STARTED_MS"))${PLAIN}"
  STEP_STARTED_MS='' LOG_INDENT="$STEP_BASE_INDENT"
}

# run_script <name> [args]: another script of ours, its messages indented below the current step.
run_script() {
  local name="$1"
  shift
  LOG_INDENT="$LOG_INDENT" "$SCRIPTS_DIR/$name" "$@"
}

# last_lines <file> [count]: the end of a log, for the reader of a failure.
last_lines() {
  [[ -s "$1" ]] || return 0
  say "the last lines of $1:" >&2
  tail -n "${2:-20}" -- "$1" | sed "s/^/$LOG_INDENT  | /" >&2
}

# --- arguments --------------------------------------------------------------------------------------------------------

valid_env_name() { [[ "$1" =~ ^[a-z0-9][a-z0-9-]{0,30}$ ]]; }
valid_uuid()     { [[ "$1" =~ ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$ ]]; }
valid_count()    { [[ "$1" =~ ^[1-9][0-9]{0,3}$ ]]; }
# As many members as Ganymede lets a pool have (ganymede.pool.max-size).
valid_pool_size() { [[ "$1" =~ ^([1-9][0-9]?|100)$ ]]; }

# Lower case, at least two labels, and short enough that uc-<uuid>.org-<uuid>.<domain> still is a legal name (253), as
# Ganymede has it.
valid_domain() {
  local label='[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
  [[ ${#1} -le 162 && "$1" =~ ^$label(\.$label)+$ ]]
}

require_env_name() { valid_env_name "$1" || die_usage "not an environment's name: '$1' (a-z, 0-9 and -, at most 31 characters)"; }
require_domain()   { valid_domain "$1" || die_usage "not a domain: '$1' (lower case, two labels or more, at most 162 characters, such as domain.local)"; }
require_uuid()     { valid_uuid "$1" || die_usage "not a UUID: '$1'"; }
require_count()    { valid_count "$1" || die_usage "not a count: '$1' (1 to 9999)"; }
require_pool_size() { valid_pool_size "$1" || die_usage "not a pool's size: '$1' (1 to 100)"; }

# A path that ends up in configuration files and volume options: absolute, without what those would read as syntax.
require_path() {
  [[ "$1" =~ ^/[A-Za-z0-9._/@+-]+$ && "/$1/" != */../* ]] ||
    die_usage "not a usable path: '$1' (absolute; letters, digits and ._/@+- only)"
}

# --- privileges -------------------------------------------------------------------------------------------------------

# The daemons need ports below 1024 and users of their own, so the scripts run as root: directly, or through sudo.
require_root() {
  [[ "$(id -u)" -ne 0 ]] || return 0
  command -v sudo >/dev/null || die "this needs root: run it as root, or install sudo"
  local kept='LOCAL_DEV_DIR,ENV_NAME,DOMAIN,GATEWAY_POOL_SIZE,GATEWAY_POOL_MAX,GANYMEDE_REPLICAS,HOST_ADDRESS,MAVEN_USER_HOME,JAVA_OPTS,NO_COLOR,CI,LOG_INDENT'
  kept+=',FAULTS_KILLS,FAULTS_SEED,FAULTS_PATIENCE,FAULTS_TESTS'
  exec sudo --preserve-env="$kept" -- "$0" "$@"
}

# as_user <user> <command...>: without a login session, and with no way back to more rights.
as_user() {
  local user="$1"
  shift
  setpriv --reuid "$user" --regid "$user" --init-groups --no-new-privs -- "$@"
}

# --- waiting ----------------------------------------------------------------------------------------------------------

# wait_for <seconds> <command...>: until it succeeds; 1 when the deadline passes first.
wait_for() {
  local deadline_ms=$(($(now_ms) + $1 * 1000))
  shift
  until "$@"; do
    (($(now_ms) < deadline_ms)) || return 1
    sleep 0.1
  done
}

# --- several things at once -------------------------------------------------------------------------------------------

# run_beside <log directory> <name> <command> [<name> <command>]...: each command (one function or script name) in the
# background with a log of its own; fails when any of them failed. Every ten seconds a line about those that have got on, and
# every thirty about those that have not.
run_beside() {
  local log_dir="$1" failed=0 name line round=0
  shift
  local -A pids=() started=() reported=()
  while (($# > 0)); do
    name="$1"
    (set -e; "$2") </dev/null >"$log_dir/$name.log" 2>&1 &
    pids[$name]=$! started[$name]="$(now_ms)"
    say "$name: started (log: $log_dir/$name.log)"
    shift 2
  done
  # Interrupted: what runs in the background does not hear the terminal.
  trap 'kill "${pids[@]}" 2>/dev/null; exit 130' INT TERM
  local next_report_ms=$(($(now_ms) + 10000))
  while ((${#pids[@]} > 0)); do
    for name in "${!pids[@]}"; do
      kill -0 "${pids[$name]}" 2>/dev/null && continue
      if wait "${pids[$name]}"; then
        ok "$name: done in $(seconds_since "${started[$name]}")"
      else
        fail "$name: failed after $(seconds_since "${started[$name]}")"
        last_lines "$log_dir/$name.log" 30
        failed=1
      fi
      unset "pids[$name]"
    done
    if ((${#pids[@]} > 0 && $(now_ms) >= next_report_ms)); then
      round=$((round + 1))
      for name in "${!pids[@]}"; do
        line="$(last_line "$log_dir/$name.log")"
        [[ "$line" != "${reported[$name]:-}" ]] || ((round % 3 == 0)) || continue
        note "$name: $(seconds_since "${started[$name]}"), $line"
        reported[$name]="$line"
      done
      next_report_ms=$(($(now_ms) + 10000))
    fi
    sleep 0.2
  done
  trap - INT TERM
  return "$failed"
}

last_line() {
  local line
  line="$(tail -n 1 -- "$1" 2>/dev/null | sed 's/\x1b\[[0-9;]*[A-Za-z]//g' | tr -d '\000-\037')"
  ((${#line} <= 90)) || line="${line:0:89}…"
  printf '%s' "${line:-no output yet}"
}
