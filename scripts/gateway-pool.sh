#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: gateway-pool.sh create <count>             adds gateways to the pool, for good
       gateway-pool.sh resize [--buffer <n>] [--min <n>] [--max <n>]
       gateway-pool.sh pause [<reason>]           nothing is created, replaced or removed until resumed
       gateway-pool.sh resume
       gateway-pool.sh allocate <org-uuid>        gives the organization a gateway; prints name|http port|vpn port
       gateway-pool.sh deallocate <org-uuid>      has the organization's gateway push its documents and return to the pool
       gateway-pool.sh cordon <gateway>           no new organization comes to it
       gateway-pool.sh uncordon <gateway>
       gateway-pool.sh drain <gateway>            its organization moves to another one, and it stays empty
       gateway-pool.sh recycle <gateway>          its organization moves to another one, its container is replaced
       gateway-pool.sh upgrade <image> [--wait]   replaces the pool's gateways one by one by ones of this image
       gateway-pool.sh upgrade-status             how far the newest upgrade is
       gateway-pool.sh upgrade-stop               ends the running upgrade; what is upgraded stays
       gateway-pool.sh list                       every gateway
       gateway-pool.sh status                     totals
       gateway-pool.sh timeline <org-uuid>        why is this organization not up?

A <gateway> is its name (gw-pool-0) or id. A thin client of Ganymede's API, which owns the pool's state. ENV_NAME chooses
the environment (default dev-001).

Exit status: 0 done, 1 refused or failed (for upgrades: stopped), 2 wrong use, 3 the upgrade is not over after 10 minutes.
EOT
}

readonly UPGRADE_WAIT_SECONDS=600

pool_create() {
  local known_before name http_port vpn_port
  say "📦 Creating $1 gateways in pool..."
  known_before="$(api GET /gateway/pool | jq --raw-output '.gateways[].name')"
  call_api POST /gateway/pool/create "{\"count\": $1}"
  api_succeeded || die "$(describe_api_error)"
  if ! wait_for 90 new_gateways_are_ready "$known_before" "$1"; then
    die "the new gateways are not ready after 90 s: $0 list"
  fi
  pool_gateways_tsv <<<"$API_BODY" | while IFS=$'\t' read -r name _ http_port vpn_port _; do
    grep -qxF "$name" <<<"$known_before" || say "  ✅ Created $name (HTTP: $http_port, VPN: $vpn_port)"
  done
}

# new_gateways_are_ready <names before> <count>
new_gateways_are_ready() {
  API_TIMEOUT_SECONDS=10 call_api GET /gateway/pool
  api_succeeded && jq --exit-status --arg before "$1" --argjson count "$2" '
    ($before | split("\n")) as $old
    | [.gateways[] | select(.name | IN($old[]) | not) | select(.state == "READY" or .state == "ALLOCATED")] | length >= $count
    ' <<<"$API_BODY" >/dev/null
}

# gateway_of <organization>: name|http port|vpn port of its gateway; nothing when it has none.
gateway_of() {
  local pool
  pool="$(api GET /gateway/pool)"
  jq --raw-output --arg organization "$1" '
    .gateways[] | select(.organization_id == $organization and .state == "ALLOCATED") | "\(.name)|\(.http_port)|\(.vpn_port)"' <<<"$pool"
}

pool_allocate() {
  local started gateway
  started="$(api POST /gateway/start "{\"organization_id\": \"$1\"}")"
  gateway="$(api GET /gateway/pool | jq --raw-output --arg id "$(jq --raw-output .gateway_id <<<"$started")" \
    '.gateways[] | select(.gateway_id == $id) | "\(.name)|\(.http_port)|\(.vpn_port)"')"
  [[ -n "$gateway" ]] || die "the gateway of $1 left the pool before it could be looked up"
  printf '%s\n' "$gateway"
}

pool_deallocate() {
  local gateway
  gateway="$(gateway_of "$1")"
  [[ -n "$gateway" ]] || die "No gateway found for organization $1"
  api POST "/organizations/$1/stop" >/dev/null
  say "✅ Deallocated ${gateway%%|*} from organization $1"
  say "   Gateway returned to ready pool"
}

pool_resize() {
  api POST /gateway/pool/resize "$1" | render_pool_status
}

pool_pause() {
  api POST /gateway/pool/pause "$(jq --null-input --compact-output --arg reason "$1" 'if $reason == "" then {} else {reason: $reason} end')" |
    render_pool_status
}

pool_resume() {
  api POST /gateway/pool/resume '{}' | render_pool_status
}

# pool_order <cordon|uncordon|drain|recycle> <gateway>
pool_order() {
  local pool
  pool="$(api POST "/gateway/pool/$2/$1" '{}')"
  jq --arg gateway "$2" '{gateways: [.gateways[] | select(.name == $gateway or .gateway_id == $gateway)]}' <<<"$pool" |
    render_pool_list
}

# pool_upgrade <image> <seconds to wait>
pool_upgrade() {
  api POST /gateway/pool/upgrade "$(jq --null-input --compact-output --arg image "$1" '{image: $image}')" | render_rollout
  (($2 > 0)) || return 0
  if ! wait_for "$2" upgrade_is_over; then
    warn "the upgrade is not over after $2 s; it goes on by itself: $0 upgrade-status"
    exit 3
  fi
  pool_upgrade-status
}

upgrade_is_over() {
  API_TIMEOUT_SECONDS=10 call_api GET /gateway/pool/upgrade
  api_succeeded && jq --exit-status '.state != "RUNNING"' <<<"$API_BODY" >/dev/null && return 0
  sleep 1
  return 1
}

# Fails when the newest upgrade was stopped.
pool_upgrade-status() {
  local rollout
  rollout="$(api GET /gateway/pool/upgrade)"
  render_rollout <<<"$rollout"
  jq --exit-status '.state != "STOPPED"' <<<"$rollout" >/dev/null
}

pool_upgrade-stop() {
  api POST /gateway/pool/upgrade/stop '{}' | render_rollout
}

pool_list() {
  local pool
  pool="$(api GET /gateway/pool)"
  say "Gateway Pool Status:"
  say "===================="
  render_pool_list <<<"$pool"
}

pool_status() {
  api GET /gateway/pool | render_pool_status
}

pool_timeline() {
  api GET "/organizations/$1/timeline" | render_timeline
}

main() {
  local action="${1:-}" arguments=("${@:2}") body
  case "$action" in
    -h | --help | help) usage; return 0 ;;
    create) (($# == 2)) || die_usage "how many?"; require_count "$2" ;;
    resize) body="$(resize_body "${arguments[@]}" 2>&1)" || die_usage "$body"; arguments=("$body") ;;
    pause) (($# <= 2)) || die_usage "the reason is one argument: quote it"; arguments=("${2:-}") ;;
    allocate | deallocate | timeline)
      (($# == 2)) || die_usage "for which organization?"
      arguments=("${2,,}")
      require_uuid "${arguments[0]}"
      ;;
    cordon | uncordon | drain | recycle)
      (($# == 2)) || die_usage "which gateway?"
      require_gateway "$2"
      arguments=("$action" "$2") action=order
      ;;
    upgrade)
      (($# == 2)) || [[ $# == 3 && "$3" == --wait ]] || die_usage "to which image?"
      require_image "$2"
      arguments=("$2" "$(($# == 3 ? UPGRADE_WAIT_SECONDS : 0))")
      ;;
    resume | upgrade-status | upgrade-stop | list | status) (($# == 1)) || die_usage "too many arguments" ;;
    *) die_usage "there is no action '$action'" ;;
  esac
  local env="${ENV_NAME:-dev-001}"
  require_env_name "$env"
  require_root "$@"
  load_env "$env"
  "pool_$action" "${arguments[@]}"
}

main "$@"
