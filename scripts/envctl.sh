#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: envctl.sh start|stop|restart|status|logs|destroy <env> [arguments]

  start <env>             PostgreSQL, PowerDNS, Ganymede, the edge; returns when the gateway pool is ready
  stop <env>              takes no new starts, has every gateway push its documents, then ends all of it
  restart <env> [part]    all: every service, then the gateways' reload. One of postgres, pdns, ganymede, edge restarts
                          that service alone (of several Ganymedes one after the other); gateways only has the gateways reload their code from the workspace.
                          Containers stay: organizations are served on while Ganymede restarts.
  status <env>            every part: pid, address, health; exit status 3 when something is not well
  logs <env> [part] [-f]  the last 100 lines of postgres, pdns, ganymede, edge, gateways, or of all of them
  destroy <env> [--yes]   stops it and removes its containers, network, volume and directory, with all its data
EOT
}

# --- start ------------------------------------------------------------------------------------------------------------

start_env() {
  steps 6
  rotate_logs
  step "Docker engine"
  ensure_docker
  docker image inspect "$GATEWAY_IMAGE" >/dev/null 2>&1 || die "the image $GATEWAY_IMAGE is missing: scripts/build-images.sh"
  keep_network_address
  ensure_workspace_volume "$ENV_NAME" "$WORKSPACE_VOLUME" "$WORKSPACE_DIR"
  step "PostgreSQL"
  ensure_cluster
  start_postgres
  say "pid $(postgres_pid), $LOOPBACK_ADDRESS:$DATABASE_PORT"
  step "PowerDNS"
  render_pdns_conf
  start_pdns
  say "pid $(running_pid "$(pdns_pid_file)"), DNS $HOST_ADDRESS:$DNS_PORT, API $PDNS_API_URL"
  step "Ganymede"
  start_ganymede
  say_replicas
  step "Edge"
  start_edge
  say "pid $(edge_pid), $EDGE_LISTEN_ADDRESSES, https port $EDGE_HTTPS_PORT"
  step "Gateway pool"
  wait_until_ready
  wait_for_pool
  step_done
}

say_replicas() {
  local replica
  for replica in $(replicas); do
    say "pid $(ganymede_pid "$replica"), $(replica_url "$replica")"
  done
}

# Logs of what runs; whatever is started below looks after its own.
rotate_logs() {
  if edge_runs; then rotate_edge_logs; fi
  local replica
  for replica in $(replicas); do
    if is_running "$(ganymede_pid_file "$replica")"; then shorten_log "$(ganymede_log "$replica")"; fi
  done
}

# The engine may have lost the network since the environment was made, and made it anew with another address.
keep_network_address() {
  local address
  ensure_network "$ENV_NAME" "$GATEWAY_NETWORK"
  address="$(network_gateway "$GATEWAY_NETWORK")"
  if [[ "$address" != "$GANYMEDE_ADDRESS_IN_CONTAINER" ]]; then
    say "the network's address is $address now (was $GANYMEDE_ADDRESS_IN_CONTAINER)"
    EDGE_LISTEN_ADDRESSES="${EDGE_LISTEN_ADDRESSES/"$GANYMEDE_ADDRESS_IN_CONTAINER"/"$address"}"
    GANYMEDE_ADDRESS_IN_CONTAINER="$address"
    write_env_file
  fi
}

pool_is_full() {
  API_TIMEOUT_SECONDS=5 call_api GET /gateway/pool
  api_succeeded && jq --exit-status '.totals.ready + .totals.allocated >= .desired' <<<"$API_BODY" >/dev/null
}

wait_for_pool() {
  if ! wait_for 120 pool_is_full; then
    fail "the pool is not complete after two minutes"
    if api_succeeded; then pool_gateways_tsv <<<"$API_BODY" >&2; else fail "$(describe_api_error)"; fi
    last_lines "$(ganymede_log "$(running_replica)")" 20
    exit 1
  fi
  say "$(pool_totals)"
}

pool_totals() { jq --raw-output '.totals | "\(.total) gateways: \(.ready) ready, \(.allocated) allocated"' <<<"$API_BODY"; }

# --- stop -------------------------------------------------------------------------------------------------------------

# Twice a gateway's own grace: one that pushes until its last second, and one that was started meanwhile.
readonly DRAIN_SECONDS=60

stop_env() {
  local unsent_before
  unsent_before="$(unsent_files)"
  steps 4
  # Clients whose gateway leaves start their organization again at once. A start needs its name in DNS, so none succeeds
  # from here on; a push needs Ganymede, its database and the edge, which stay.
  step "PowerDNS, and with it new starts"
  stop_pdns
  step "Gateways push their documents and leave"
  if docker_answers; then drain_gateways; else say "no Docker engine answers, so none runs"; fi
  step "Ganymede, gateways"
  stop_ganymede
  # Who still has something unsaved gets the time to write it to a file.
  if docker_answers; then
    stop_env_containers "$ENV_NAME"
    remove_env_containers "$ENV_NAME"
  fi
  step "Edge, PostgreSQL"
  stop_edge
  stop_postgres
  step_done
  report_unsent "$unsent_before"
}

# Round by round, since a start that was under way in one round serves in the next.
drain_gateways() {
  local deadline_ms=$(($(now_ms) + DRAIN_SECONDS * 1000)) organizations asked=''
  while :; do
    API_TIMEOUT_SECONDS=5 call_api GET /gateway/pool
    if ! api_succeeded; then
      warn "$(describe_api_error); gateways write what they cannot push to files"
      return 0
    fi
    mapfile -t organizations < <(jq --raw-output '.gateways[] | select(.state == "ALLOCATED") | .organization_id // empty' <<<"$API_BODY")
    if ((${#organizations[@]} == 0)); then
      say "none is allocated"
      return 0
    fi
    if (($(now_ms) >= deadline_ms)); then
      warn "still allocated after $DRAIN_SECONDS s: ${#organizations[@]}"
      return 0
    fi
    [[ "$asked" == "${organizations[*]}" ]] || say "asking ${#organizations[@]}"
    asked="${organizations[*]}"
    stop_organizations "${organizations[@]}"
    # Ganymede may need a moment to see that one has ended.
    sleep 0.3
  done
}

# stop_organizations <ids>: all at once. Only Ganymede can stop one for good: a gateway that is told to end by anybody else
# is followed by another.
stop_organizations() {
  local organization calls=()
  for organization in "$@"; do
    API_TIMEOUT_SECONDS="$DRAIN_SECONDS" call_api POST "/organizations/$organization/stop" &
    calls+=("$!")
  done
  wait "${calls[@]}"
}

# A gateway writes what Ganymede does not take to a file of its log directory.
unsent_files() { find "$GATEWAY_LOG_DIR" -name 'unsent-*.json' 2>/dev/null | sort || true; }

# report_unsent <files before>
report_unsent() {
  local files
  mapfile -t files < <(comm -13 <(printf '%s\n' "$1") <(unsent_files))
  ((${#files[@]} > 0)) || return 0
  warn "not pushed; imported at the next start, and merged by the organization's next gateway:"
  printf '%s\n' "${files[@]}" >&2
}

# --- restart ----------------------------------------------------------------------------------------------------------

restart_env() {
  case "$1" in
    all)
      stop_ganymede
      stop_edge
      stop_pdns
      stop_postgres
      start_env
      reload_gateways
      ;;
    gateways) reload_gateways ;;
    postgres) stop_postgres; ensure_cluster; start_postgres; ok "PostgreSQL restarted" ;;
    pdns) stop_pdns; render_pdns_conf; start_pdns; ok "PowerDNS restarted" ;;
    ganymede) restart_ganymede; wait_until_ready; ok "Ganymede restarted" ;;
    edge) stop_edge; start_edge; ok "edge restarted" ;;
    *) die_usage "there is no part '$1'" ;;
  esac
}

# Each gateway watches this file in the workspace, and starts its application anew when it changes.
reload_gateways() {
  local trigger="$WORKSPACE_DIR/monorepo/.gateway-reload-trigger"
  date --iso-8601=ns >"$trigger"
  ok "gateways reload ($trigger)"
}

# --- status -----------------------------------------------------------------------------------------------------------

STATUS_PROBLEMS=0

# status_line <part> <pid or nothing> <address> <check command...>
status_line() {
  local part="$1" pid="$2" address="$3" state="${GREEN}up${PLAIN}  "
  shift 3
  if [[ -z "$pid" ]]; then
    state="${RED}down${PLAIN}"
  elif ! "$@" >/dev/null 2>&1; then
    state="${YELLOW}sick${PLAIN}"
  fi
  [[ "$state" == *up* ]] || STATUS_PROBLEMS=1
  printf '  %-10s %s  %-8s %s\n' "$part" "$state" "${pid:--}" "$address"
}

show_status() {
  printf '%sEnvironment %s%s (%s)\n\n' "$BOLD" "$ENV_NAME" "$PLAIN" "$ENV_DIR"
  printf '  %-10s %s  %-8s %s\n' PART STATE PID ADDRESS
  status_line docker "$(docker_answers && cat /var/run/docker.pid 2>/dev/null || { docker_answers && echo remote; } || true)" "$DOCKER_HOST" docker_answers
  status_line postgres "$(postgres_pid || true)" "$LOOPBACK_ADDRESS:$DATABASE_PORT" postgres_accepts
  status_line pdns "$(running_pid "$(pdns_pid_file)" || true)" "$HOST_ADDRESS:$DNS_PORT, API $PDNS_API_URL" dns_resolves
  show_replicas
  status_line edge "$(edge_pid || true)" "${EDGE_LISTEN_ADDRESSES//,/, }; ports $EDGE_HTTP_PORT, $EDGE_HTTPS_PORT" edge_serves
  show_pool
  printf '\n  Frontend   %s\n  API        %s\n  CA         %s\n' "$(https_url "$DOMAIN")" "$(https_url "$(ganymede_host)")" \
    "$CERTIFICATE_DIR/rootCA.pem"
  return "$((STATUS_PROBLEMS * 3))"
}

show_replicas() {
  local replica role
  for replica in $(replicas); do
    role=''
    if ((GANYMEDE_REPLICAS > 1)) && ganymede_leads "$replica"; then role=', leads'; fi
    status_line "ganymede$(numbered "$replica" -)" "$(ganymede_pid "$replica" || true)" "$(replica_url "$replica")$role" \
      ganymede_is_ready "$replica"
  done
}

postgres_accepts() { sql postgres <<<'SELECT 1'; }
dns_resolves() { [[ -n "$(dig +short +time=2 +tries=1 -p "$DNS_PORT" "@$HOST_ADDRESS" "$(ganymede_host)" A)" ]]; }
edge_serves() {
  curl --silent --fail --max-time 5 --output /dev/null --cacert "$CERTIFICATE_DIR/rootCA.pem" \
    --resolve "$(ganymede_host):$EDGE_HTTPS_PORT:$HOST_ADDRESS" "$(https_url "$(ganymede_host)")/q/health/live"
}

show_pool() {
  API_TIMEOUT_SECONDS=5 call_api GET /gateway/pool
  if ! api_succeeded; then
    printf '\n  Pool       unknown: %s\n' "$(describe_api_error)"
    return 0
  fi
  printf '\n  Pool       %s\n' "$(jq --raw-output '"desired \(.desired), " + (.totals | to_entries | map("\(.key) \(.value)") | join(", "))' <<<"$API_BODY")"
  pool_gateways_tsv <<<"$API_BODY" | while IFS=$'\t' read -r name state http_port vpn_port organization reason; do
    [[ "$organization" != - ]] || organization=''
    [[ "$reason" != - ]] || reason=''
    printf '    %-12s %-10s HTTP %s, VPN %s/udp  %s %s\n' "$name" "$state" "$http_port" "$vpn_port" "$organization" "$reason"
  done
}

# --- logs -------------------------------------------------------------------------------------------------------------

show_logs() {
  local part=all follow=() files=()
  while (($# > 0)); do
    case "$1" in
      -f) follow=(--follow=name --retry) ;;
      all | postgres | pdns | ganymede | edge | gateways) part="$1" ;;
      *) die_usage "there is no part '$1'" ;;
    esac
    shift
  done
  case "$part" in
    all) mapfile -t files < <(service_logs; gateway_logs) ;;
    edge) mapfile -t files < <(edge_logs) ;;
    gateways) mapfile -t files < <(gateway_logs) ;;
    ganymede) mapfile -t files < <(find "$ENV_DIR/logs" -type f -name 'ganymede*.log' | sort) ;;
    *) files=("$ENV_DIR/logs/$part.log") ;;
  esac
  ((${#files[@]} > 0)) || { say "no logs yet"; return 0; }
  exec tail --lines=100 "${follow[@]}" -- "${files[@]}"
}

edge_logs() { find "$ENV_DIR/logs/nginx.log" "$EDGE_DIR" -type f -name '*.log' -size +0 2>/dev/null; }
service_logs() { find "$ENV_DIR/logs" -type f -name '*.log' -size +0; }

# The newest life of each gateway; older ones stay below gateway-pool/ for whoever looks for them.
gateway_logs() {
  local gateway life
  for gateway in "$GATEWAY_LOG_DIR"/*/; do
    life="$(find "$gateway" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' 2>/dev/null | sort -rn | sed -n '1s/^[^ ]* //p')"
    [[ -z "$life" ]] || find "$life" -type f -name '*.log' -size +0
  done
}

# --- destroy ----------------------------------------------------------------------------------------------------------

destroy_env() {
  if [[ "${2:-}" != --yes ]]; then
    [[ -t 0 ]] || die "destroying $1 removes all its data: say --yes where nobody can be asked"
    local answer
    read -r -p "Destroy the environment $1 with all its documents? Type its name: " answer
    [[ "$answer" == "$1" ]] || die "not destroyed"
  fi
  if [[ ! -d "$ENV_DIR" ]]; then
    if docker_answers; then remove_env_objects "$1"; fi
    ok "there is no environment $1"
    return 0
  fi
  lock_env "$1"
  # One whose making was cut short has no complete settings, and nothing of it has ever run.
  if [[ -f "$ENV_FILE" ]]; then
    load_env "$1"
    stop_unpushed
  fi
  if docker_answers; then remove_env_objects "$1"; else warn "no Docker engine answers; containers of $1 may remain in it"; fi
  if [[ -n "${DATABASE_DIR:-}" && "$DATABASE_DIR" != "$ENV_DIR"/* ]]; then note "left in place, since you chose it: $DATABASE_DIR"; fi
  if [[ -n "${WORKSPACE_DIR:-}" && "$WORKSPACE_DIR" != "$ENV_DIR"/* ]]; then note "left in place, since you chose it: $WORKSPACE_DIR"; fi
  [[ "$ENV_DIR" == "$STATE_DIR/$1" ]] || die "will not remove $ENV_DIR"
  rm -rf --one-file-system -- "$ENV_DIR"
  ok "environment $1 destroyed"
}

# What is about to be removed need not be pushed.
stop_unpushed() {
  stop_ganymede
  stop_edge
  stop_pdns
  stop_postgres
}

# ----------------------------------------------------------------------------------------------------------------------

main() {
  case "${1:-}" in -h | --help | help) usage; return 0 ;; esac
  (($# >= 2)) || die_usage "an action and an environment's name are needed"
  local action="$1" env="$2"
  shift 2
  case "$action" in
    start | stop) (($# == 0)) || die_usage "too many arguments" ;;
    restart | destroy) (($# <= 1)) || die_usage "too many arguments" ;;
    status | logs) ;;
    *) die_usage "there is no action '$action'" ;;
  esac
  require_env_name "$env"
  require_root "$action" "$env" "$@"
  if [[ "$action" == destroy ]]; then
    locate_env "$env"
    destroy_env "$env" "$@"
    return
  fi
  load_env "$env"
  case "$action" in
    start) lock_env "$env"; refuse_half_restored; start_env; ok "$env is up: $(https_url "$(ganymede_host)")" ;;
    stop) lock_env "$env"; stop_env; ok "$env is stopped" ;;
    restart) lock_env "$env"; refuse_half_restored; restart_env "${1:-all}" ;;
    status) show_status ;;
    logs) show_logs "$@" ;;
  esac
}

main "$@"
