# shellcheck shell=bash
# What the checks on the real stack share. Each is a script: <name>.sh <env>, with that environment up and idle.
# It prints a line for each fact, and fails when one of them is not so.

# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"

CHECKS_FAILED=0
SCRATCH="$(mktemp -d)"
trap 'rm -rf -- "$SCRATCH"' EXIT

usage() { printf 'usage: %s <env>\n' "$(basename "$0")"; }

open_env() {
  (($# == 1)) || die_usage "an environment's name is needed"
  load_env "$1"
  load_demo
  ensure_demo
}

# expect <fact> <actual> <expected>
expect() {
  if [[ "$2" == "$3" ]]; then
    ok "$1"
  else
    fail "$1: expected '$3', got '$2'"
    CHECKS_FAILED=$((CHECKS_FAILED + 1))
  fi
}

# expect_match <fact> <actual> <pattern>
expect_match() {
  if [[ "$2" =~ $3 ]]; then
    ok "$1"
  else
    fail "$1: expected something like '$3', got '$2'"
    CHECKS_FAILED=$((CHECKS_FAILED + 1))
  fi
}

checks_done() { ((CHECKS_FAILED == 0)) || die "$CHECKS_FAILED of the facts above are not so"; }

# request <curl arguments>: sets STATUS, TYPE (content type), BODY.
request() {
  local answer
  answer="$(curl --silent --max-time 20 --output "$SCRATCH/body" --write-out '%{http_code} %{content_type}' "$@")" || true
  # shellcheck disable=SC2034 # for the caller
  STATUS="${answer%% *}" TYPE="${answer#* }" BODY="$(tr -d '\0' <"$SCRATCH/body" 2>/dev/null || true)"
}

with_key() { printf 'X-API-Key: %s\n' "$GANYMEDE_API_KEY"; }

# at_edge <host> <curl arguments>: through the edge by a public name, its certificate checked against the local CA.
at_edge() {
  local host="$1"
  shift
  request --cacert "$CERTIFICATE_DIR/rootCA.pem" --resolve "$host:$EDGE_HTTPS_PORT:$HOST_ADDRESS" "$@"
}

all_gateways_ready() {
  API_TIMEOUT_SECONDS=5 call_api GET /gateway/pool
  api_succeeded && jq --exit-status '.totals.ready == .desired and .totals.total == .desired' <<<"$API_BODY" >/dev/null
}

# idle_pool: no organization is served, and every gateway is ready.
idle_pool() {
  local organization
  for organization in $(api GET /gateway/pool | jq --raw-output '.gateways[] | select(.state == "ALLOCATED") | .organization_id // empty'); do
    api POST "/organizations/$organization/stop" >/dev/null
  done
  wait_for 60 all_gateways_ready || die "the pool does not come to rest: $API_BODY"
}
