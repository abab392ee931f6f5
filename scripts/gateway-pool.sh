#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: gateway-pool.sh create <count>       adds gateways to the pool
       gateway-pool.sh allocate <org-uuid>   gives the organization a gateway; prints name|http port|vpn port
       gateway-pool.sh deallocate <org-uuid> has the organization's gateway push its documents and return to the pool
       gateway-pool.sh list                  every gateway
       gateway-pool.sh status                totals

A thin client of Ganymede's API, which owns the pool's state. ENV_NAME chooses the environment (default dev-001).
EOT
}

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

pool_list() {
  local pool
  pool="$(api GET /gateway/pool)"
  say "Gateway Pool Status:"
  say "===================="
  jq --raw-output '.gateways[] | "  \(.name): \(.state)"
    + (if .organization_id then " to \(.organization_id)" else "" end) + " (HTTP:\(.http_port), VPN:\(.vpn_port))"
    + (if .reason then " \(.reason)" else "" end)' <<<"$pool"
}

pool_status() {
  local pool
  pool="$(api GET /gateway/pool)"
  jq --raw-output '"Gateway Pool Status:", "  Total: \(.totals.total)", "  Ready: \(.totals.ready)", "  Allocated: \(.totals.allocated)",
    (.totals | to_entries[] | select(.value > 0 and (.key | IN("total", "ready", "allocated") | not))
      | "  \(.key[0:1] | ascii_upcase)\(.key[1:]): \(.value)"),
    "  Desired: \(.desired)"' <<<"$pool"
}

main() {
  local action="${1:-}" argument="${2:-}"
  case "$action" in
    -h | --help | help) usage; return 0 ;;
    create) (($# == 2)) || die_usage "how many?"; require_count "$argument" ;;
    allocate | deallocate) (($# == 2)) || die_usage "for which organization?"; argument="${argument,,}"; require_uuid "$argument" ;;
    list | status) (($# == 1)) || die_usage "too many arguments" ;;
    *) die_usage "there is no action '$action'" ;;
  esac
  local env="${ENV_NAME:-dev-001}"
  require_env_name "$env"
  require_root "$@"
  load_env "$env"
  "pool_$action" "$argument"
}

main "$@"
