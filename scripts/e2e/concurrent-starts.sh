#!/usr/bin/env bash
# Fifty organizations want a gateway at the same moment, and there are three: three are served, 47 are told clearly to come
# back, and no gateway is given twice.
set -euo pipefail
# shellcheck source=scripts/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly CALLERS=50

make_organizations() {
  local i
  for ((i = 0; i < CALLERS; i++)); do
    ORGANIZATIONS[i]="$(</proc/sys/kernel/random/uuid)"
    api POST /organizations "{\"id\": \"${ORGANIZATIONS[i]}\", \"name\": \"Caller $i\"}" >/dev/null
  done
}

# One curl with fifty transfers: they start within milliseconds of each other.
start_all_at_once() {
  local i
  with_key >"$SCRATCH/key"
  for ((i = 0; i < CALLERS; i++)); do
    ((i == 0)) || printf 'next\n'
    printf 'silent\nmax-time = 30\nurl = "%s/gateway/start"\nheader = "@%s"\nheader = "Content-Type: application/json"\n' \
      "$(api_url)" "$SCRATCH/key"
    printf 'data = "{\\"organization_id\\": \\"%s\\"}"\noutput = "%s"\ndump-header = "%s"\n' \
      "${ORGANIZATIONS[i]}" "$SCRATCH/$i.body" "$SCRATCH/$i.head"
  done >"$SCRATCH/curl.conf"
  curl --parallel --parallel-immediate --parallel-max "$CALLERS" --no-progress-meter --config "$SCRATCH/curl.conf" || true
}

count_status() { cat "$SCRATCH"/*.head | tr -d '\r' | grep -cE "^HTTP/[0-9.]+ $1( |$)" || true; }

check_answers() {
  local refused=0 i
  expect "exactly $GATEWAY_POOL_SIZE are served" "$(count_status 200)" "$GATEWAY_POOL_SIZE"
  expect "every other one gets 503" "$(count_status 503)" "$((CALLERS - GATEWAY_POOL_SIZE))"
  for ((i = 0; i < CALLERS; i++)); do
    tr -d '\r' <"$SCRATCH/$i.head" >"$SCRATCH/head"
    grep -qE '^HTTP/[0-9.]+ 503' "$SCRATCH/head" || continue
    if grep -qiE '^retry-after: [0-9]+$' "$SCRATCH/head" && grep -qi '^content-type: application/problem+json' "$SCRATCH/head" &&
      jq --exit-status '.status == 503 and (.type | startswith("https://ganymede.dev/problems/"))' "$SCRATCH/$i.body" >/dev/null; then
      refused=$((refused + 1))
    fi
  done
  expect "every refusal is problem+json with Retry-After" "$refused" "$((CALLERS - GATEWAY_POOL_SIZE))"
  expect "no gateway is given twice" \
    "$(cat "$SCRATCH"/*.body | jq --raw-output 'select(.gateway_id) | .gateway_id' | sort -u | wc -l)" "$GATEWAY_POOL_SIZE"
  expect "the pool agrees" \
    "$(api GET /gateway/pool | jq '[.gateways[] | select(.state == "ALLOCATED") | .organization_id] | unique | length')" "$GATEWAY_POOL_SIZE"
}

clean_up() {
  local organization
  idle_pool
  for organization in "${ORGANIZATIONS[@]}"; do
    api DELETE "/organizations/$organization" >/dev/null
  done
}

open_env "$@"
idle_pool
declare -a ORGANIZATIONS=()
make_organizations
start_all_at_once
check_answers
clean_up
checks_done
