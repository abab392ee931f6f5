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

understands_what_the_pool_is_asked() {
  local text
  for text in gw-pool-0 gw-pool-17 gw-pool-9999 11111111-2222-3333-4444-555555555555; do accepts require_gateway "$text"; done
  for text in '' gw-pool- gw-pool-01 gw-pool-10000 gw-pool-1/drain '../pause' 'gw-pool-1?x' 'gw pool' $'gw-pool-1\n'; do refuses require_gateway "$text"; done
  for text in gateway:2 registry.example.com:5000/a/gateway@sha256:00ff; do accepts require_image "$text"; done
  for text in '' -x ':2' 'a b' 'a"b' $'a\nb' "$(printf 'a%.0s' {1..256})"; do refuses require_image "$text"; done
  verdict "what is not given is not changed" "$(resize_body --buffer 0 --max 12)" '{"buffer":0,"max":12}'
  for text in '' --buffer '--buffer -1' '--buffer 1.5' '--size 3' '--min 10000' 'buffer 1'; do
    # shellcheck disable=SC2086 # words
    refuses resize_body $text
  done
}

shows_the_pool() {
  local old='{"desired": 3, "totals": {"total": 3, "creating": 1, "ready": 2, "allocated": 0},
    "gateways": [{"name": "gw-pool-0", "state": "READY", "http_port": 7100, "vpn_port": 49100, "organization_id": null, "reason": null}]}'
  verdict "an older Ganymede's status" "$(render_pool_status <<<"$old")" \
    $'Gateway Pool Status:\n  Total: 3\n  Ready: 2\n  Allocated: 0\n  Creating: 1\n  Desired: 3'
  verdict "an older Ganymede's list" "$(render_pool_list <<<"$old")" '  gw-pool-0: READY (HTTP:7100, VPN:49100)'
  local new='{"desired": 3, "buffer": 1, "min": 3, "max": 100, "queued": 2, "paused": true, "paused_reason": "disk full",
    "totals": {"total": 3, "ready": 3, "allocated": 0},
    "rollout": {"image": "gateway:2", "state": "RUNNING", "upgraded": 1, "remaining": {"ready": 1, "allocated": 1, "other": 0}},
    "gateways": [{"name": "gw-pool-0", "state": "CREATING", "http_port": 7100, "vpn_port": 49100, "organization_id": null,
      "reason": "no such image", "cordoned": true, "recycle": false, "failures": 3, "retry_at": "2026-11-21T12:00:03Z"}]}'
  verdict "the whole status" "$(render_pool_status <<<"$new" | tail -n 4)" \
    $'  Desired: 3 (buffer 1, min 3, max 100)\n  Waiting organizations: 2\n  Paused: disk full\n  Upgrade to gateway:2: 1 done, 2 to go'
  verdict "orders and failures" "$(render_pool_list <<<"$new")" \
    '  gw-pool-0: CREATING (HTTP:7100, VPN:49100) cordoned no such image [failures: 3, not before 2026-11-21T12:00:03Z]'
}

shows_upgrades_and_timelines() {
  verdict "a stopped upgrade" "$(render_rollout <<<'{"image": "gateway:2", "image_id": "sha256:1", "state": "STOPPED", "reason": "it does not become ready",
    "began_at": "T1", "ended_at": "T2", "upgraded": 0, "remaining": {"ready": 2, "allocated": 1, "other": 0}, "waiting_for": null}')" \
    $'Upgrade to gateway:2: STOPPED (it does not become ready)\n  Image id: sha256:1\n  Began: T1\n  Ended: T2\n  Upgraded: 0\n  Remaining: 2 ready, 1 allocated, 0 other'
  verdict "a timeline" "$(render_timeline <<<'{"status": "STOPPED", "explanation": "The last start failed.",
    "tenancies": [{"generation": 7, "gateway_id": "x", "gateway_name": "gw-pool-1", "state": "ENDED", "started_at": "T1", "serving_at": null,
      "ended_at": "T2", "ended_reason": "PUBLISH_FAILED", "start_duration_ms": null,
      "stages": [{"stage": "ALLOCATED", "at": "T1", "duration_ms": null, "failure": null},
                 {"stage": "PUBLISHED", "at": "T2", "duration_ms": 12.345, "failure": "PowerDNS is away"}]}],
    "events": [{"stage": "REFUSED", "at": "T0", "failure": "no gateway is ready"}]}' | tr -s ' ')" \
    $'STOPPED: The last start failed.\n\ngeneration 7 on gw-pool-1: ENDED (PUBLISH_FAILED)\n started T1, never served, ended T2\n ALLOCATED T1 -\n PUBLISHED T2 12.3 ms FAILED: PowerDNS is away\n\nwithout a gateway:\n REFUSED T0 no gateway is ready'
}

speaks_of_snapshots() {
  local version
  for version in head 1 42 999999999999999999; do accepts require_version "$version"; done
  for version in '' 0 01 -1 x 1.5 HEAD '1;x' '../1'; do refuses require_version "$version"; done
  accepts require_bytes 1073741824
  for version in '' 0 -1 1k; do refuses require_bytes "$version"; done
  verdict "a version at a glance" "$(render_versions <<<'{"snapshots": [{"version": 3, "stored_at": "T", "kind": "RESTORE",
    "size_bytes": 9, "projects": 2, "lineage": 1, "source_version": 1, "head": true, "damaged": true}]}')" \
    '  3: T RESTORE 9 bytes, 2 projects, lineage 1 from version 1 HEAD DAMAGED'
  verdict "what is the same is counted only" "$(render_diff <<<'{"from": {"version": 1}, "to": {"version": 2}, "gateway_state": null,
    "projects": [{"change": "same", "project_id": "a", "from": {"size_bytes": 1}, "to": {"size_bytes": 1}},
      {"change": "removed", "project_id": "b", "name": null, "from": {"size_bytes": 7}, "to": null}]}')" \
    $'From version 1 to 2:\n  removed b 7 -> 0 bytes\n  same: 1 projects'
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
understands_what_the_pool_is_asked
shows_the_pool
shows_upgrades_and_timelines
speaks_of_snapshots
say "library: $TESTS_PASSED passed, $TESTS_FAILED failed"
((TESTS_FAILED == 0))
