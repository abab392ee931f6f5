#!/usr/bin/env bash
# Tests of the scripts' library: what can be said without root, Docker or a running environment.
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../all.sh"

usage() { printf 'usage: run.sh\n'; }

SCRATCH="$(mktemp -d)"
TESTS_PASSED=0 TESTS_FAILED=0
trap 'rm -rf -- "$SCRATCH"' EXIT

# accepts <command...>, refuses <command...>: by exit status, in a process of its own.
accepts() { verdict "accepts: $*" "$( ("$@") >/dev/null 2>&1 && echo yes || echo no)" yes; }
refuses() { verdict "refuses: $*" "$( ("$@") >/dev/null 2>&1 && echo yes || echo no)" no; }

# verdict <name> <actual> <expected>
verdict() {
  if [[ "$2" == "$3" ]]; then
    TESTS_PASSED=$((TESTS_PASSED + 1))
  else
    TESTS_FAILED=$((TESTS_FAILED + 1))
    fail "$1: expected '$3', got '$2'"
  fi
}

# labels <length>: a domain of that many characters.
labels() {
  local text
  text="$(printf 'abcdefgh.%.0s' {1..20})"
  printf '%sz' "${text:0:$(($1 - 1))}"
}

checks_arguments() {
  local name
  for name in dev-001 a 0-9 "$(printf 'a%.0s' {1..31})"; do accepts require_env_name "$name"; done
  for name in '' - -a Dev a_b 'a b' '../x' 'a;reload' $'a\nb' "$(printf 'a%.0s' {1..32})"; do refuses require_env_name "$name"; done
  for name in domain.local a.b.example.com x1.y-2.z "$(labels 162)"; do accepts require_domain "$name"; done
  for name in '' local Domain.local a..b .a.b a.b. -a.b a-.b 'a b.c' 'a.b;c' $'a.b\nc.d' "$(printf 'a%.0s' {1..64}).local" "$(labels 163)"; do refuses require_domain "$name"; done
  accepts require_uuid 11111111-2222-3333-4444-555555555555
  for name in '' '../../etc' 'a;reload' 11111111-2222-3333-4444-55555555555 11111111222233334444555555555555; do refuses require_uuid "$name"; done
  for name in 1 50 9999; do accepts require_count "$name"; done
  for name in '' 0 -1 01 x 1.5 10000; do refuses require_count "$name"; done
  for name in 1 9 10 99 100; do accepts require_pool_size "$name"; done
  for name in '' 0 -1 01 x 101 1000; do refuses require_pool_size "$name"; done
  accepts require_path /root/workspace-feat
  for name in '' relative /a/../b '/a b' '/a;b' "/a'b" '/a,b'; do refuses require_path "$name"; done
}

knows_its_own_processes() {
  start_process "$SCRATCH/pid" "$SCRATCH/log" sleep 60
  verdict "a started process runs" "$(is_running "$SCRATCH/pid" && echo yes)" yes
  local pid started
  read -r pid started <"$SCRATCH/pid"
  printf '%s %s\n' "$pid" "$((started + 1))" >"$SCRATCH/other"
  verdict "another process with the same pid is not ours" "$(is_running "$SCRATCH/other" || echo no)" no
  stop_process "$SCRATCH/other" other 1
  verdict "and gets no signal" "$(is_running "$SCRATCH/pid" && echo yes)" yes
  stop_process "$SCRATCH/pid" sleeper 5
  verdict "a stopped process is gone" "$(kill -0 "$pid" 2>/dev/null && [[ "$(process_start_time "$pid")" == "$started" ]] || echo gone)" gone
  printf 'rubbish\n' >"$SCRATCH/pid"
  verdict "a damaged pid file names nobody" "$(is_running "$SCRATCH/pid" || echo no)" no
}

reads_settings_as_data() {
  ENV_FILE="$SCRATCH/.env.ganymede"
  # shellcheck disable=SC2016 # it must not be executed
  printf 'ENV_NAME=dev-001\n# a comment\n\nGANYMEDE_API_KEY=$(touch %s/executed)\nMY_OWN=a b\n' "$SCRATCH" >"$ENV_FILE"
  read_env_file
  verdict "a value is data" "$GANYMEDE_API_KEY" "\$(touch $SCRATCH/executed)"
  verdict "and is not executed" "$(ls "$SCRATCH/executed" 2>/dev/null || echo no)" no
  verdict "an added line is kept" "${EXTRA_SETTINGS[MY_OWN]}" "a b"
  verdict "a missing key stays unset" "${DOMAIN-unset}" unset
  verdict "Java's options, where the settings have none" "$(JAVA_OPTS='' java_opts)" "-XX:MaxRAMPercentage=25 -XX:+ExitOnOutOfMemoryError"
  printf 'JAVA_OPTS=-Xmx1g -Da=b\n' >"$ENV_FILE"
  read_env_file
  verdict "a line of another environment is forgotten" "${EXTRA_SETTINGS[MY_OWN]-none}" none
  verdict "Java's options of the settings" "$(JAVA_OPTS='' java_opts)" "-Xmx1g -Da=b"
  verdict "those of the call come first" "$(JAVA_OPTS=-Xmx2g java_opts)" "-Xmx2g"
  printf 'PATH=/evil\n' >"$ENV_FILE"
  read_env_file
  verdict "no other variable is touched" "$PATH" "$PATH_BEFORE"
  printf 'export A=b\n' >"$ENV_FILE"
  refuses read_env_file
}

renders_templates() {
  printf 'x=@ONE@ @TWO@\n' >"$SCRATCH/template"
  verdict "every placeholder is replaced" "$(render_template "$SCRATCH/template" ONE=1 'TWO=a&\1/b')" 'x=1 a&\1/b'
  refuses render_template "$SCRATCH/template" ONE=1
}

sees_closed_directories() {
  mkdir -p "$SCRATCH/closed/inner" "$SCRATCH/open"
  chmod 0711 "$SCRATCH" "$SCRATCH/open"
  chmod 0700 "$SCRATCH/closed"
  accepts open_to_others "$SCRATCH/open/not/yet/there"
  refuses open_to_others "$SCRATCH/closed/inner"
}

knows_its_replicas() {
  ENV_DIR=/env LOOPBACK_ADDRESS=127.0.0.1 GANYMEDE_LISTEN_ADDRESS=127.0.0.1 GANYMEDE_PORT=42300 GANYMEDE_REPLICAS='' EXTRA_SETTINGS=()
  complete_env
  verdict "settings of an earlier version mean one" "$GANYMEDE_REPLICAS $GATEWAY_POOL_MAX $GATEWAY_POOL_BUFFER" "1 100 1"
  choose_replica_ports
  verdict "one has the first port" "$(replica_addresses)" 127.0.0.1:42300
  GANYMEDE_REPLICAS=3 EXTRA_SETTINGS[GANYMEDE_PORT_3]=42400
  choose_replica_ports
  verdict "who has no port gets one after the last" "$((EXTRA_SETTINGS[GANYMEDE_PORT_2] > 42300 && EXTRA_SETTINGS[GANYMEDE_PORT_2] < 42400))" 1
  verdict "who has one keeps it" "$(ganymede_port 3)" 42400
  verdict "the edge knows all" "$(replica_addresses)" "127.0.0.1:42300,127.0.0.1:${EXTRA_SETTINGS[GANYMEDE_PORT_2]},127.0.0.1:42400"
  verdict "the first one's files have no number" "$(ganymede_pid_file) $(ganymede_log 1)" "/env/run/ganymede.pid /env/logs/ganymede.log"
  verdict "the others' have" "$(ganymede_pid_file 2) $(ganymede_log 2)" "/env/run/ganymede-2.pid /env/logs/ganymede-2.log"
  EXTRA_SETTINGS=()
}

finds_free_ports() {
  local port
  port="$(free_port 127.0.0.1 42000 both)"
  verdict "a free port at or after the wanted one" "$((port >= 42000 && port < 42200))" 1
}

bounds_logs() {
  local log="$SCRATCH/a.log"
  printf 'short\n' >"$log"
  keep_old_log "$log"
  shorten_log "$log"
  verdict "a short log stays" "$(<"$log")$(ls "$log.1" 2>/dev/null)" short
  { head -c "$LOG_LIMIT_BYTES" /dev/zero | tr '\0' x; printf 'end\n'; } >"$log"
  exec {writer}>>"$log"
  shorten_log "$log"
  printf 'new\n' >&"$writer"
  exec {writer}>&-
  verdict "an open log is appended to from its beginning" "$(<"$log")" new
  verdict "its end is kept" "$(stat -c %s "$log.1") $(tail -c 4 "$log.1")" "$LOG_LIMIT_BYTES end"
  cp -- "$log.1" "$log"
  keep_old_log "$log"
  verdict "a log that is not open is moved" "$(ls "$log" 2>/dev/null || echo moved)" moved
}

reports_problems() {
  # shellcheck disable=SC2034 # read by describe_api_error
  API_STATUS=503 API_BODY='{"title": "Pool exhausted", "detail": "no gateway is ready", "type": "https://ganymede.dev/problems/x"}'
  verdict "a problem in one line" "$(describe_api_error)" "Pool exhausted: no gateway is ready (503, https://ganymede.dev/problems/x)"
  # shellcheck disable=SC2034
  API_BODY='<html>'
  verdict "what is no problem+json" "$(describe_api_error)" "unexpected answer, status 503: <html>"
}

PATH_BEFORE="$PATH"
checks_arguments
knows_its_own_processes
reads_settings_as_data
renders_templates
sees_closed_directories
knows_its_replicas
finds_free_ports
bounds_logs
reports_problems
say "library: $TESTS_PASSED passed, $TESTS_FAILED failed"
((TESTS_FAILED == 0))
