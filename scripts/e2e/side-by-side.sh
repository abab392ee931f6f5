#!/usr/bin/env bash
# Two environments on one machine: own addresses, own names, own gateways; destroying one leaves the other alone.
# usage: side-by-side.sh <env>, which makes and destroys <env>-b beside it.
set -euo pipefail
# shellcheck source=scripts/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly FIRST="$1" SECOND="$1-b"

gateway_of_new_organization() {
  local id
  id="$(</proc/sys/kernel/random/uuid)"
  api POST /organizations "{\"id\": \"$id\", \"name\": \"Side by side\"}" >/dev/null
  api POST /gateway/start "{\"organization_id\": \"$id\"}" | jq --raw-output '"\(.state) \(.gateway_hostname)"'
}

address_of() { dig +short +time=2 +tries=2 -p "$DNS_PORT" "@$HOST_ADDRESS" "$1" A; }

make_second() {
  GATEWAY_POOL_SIZE=1 run_script create-env.sh "$SECOND" "b.$DOMAIN"
  run_script envctl.sh start "$SECOND"
}

open_env "$FIRST"
idle_pool
first_containers="$(env_containers "$FIRST" | sort)" first_address="$HOST_ADDRESS" first_domain="$DOMAIN"
make_second >"$SCRATCH/second.log" 2>&1 || { cat "$SCRATCH/second.log"; die "the second environment does not start"; }

load_env "$SECOND"
expect "each has an address of its own" "$([[ "$HOST_ADDRESS" != "$first_address" ]] && echo different)" different
expect "the second's DNS answers for its own names" "$(address_of "ganymede.$DOMAIN")" "$HOST_ADDRESS"
expect "and not for the first's" "$(address_of "ganymede.$first_domain")" ''
expect_match "the second serves an organization" "$(gateway_of_new_organization)" "^SERVING org-[0-9a-f-]+\.b\.$first_domain\$"

load_env "$FIRST"
expect_match "so does the first" "$(gateway_of_new_organization)" "^SERVING org-[0-9a-f-]+\.$first_domain\$"
idle_pool

first_containers="$(env_containers "$FIRST" | sort)"
run_script envctl.sh destroy "$SECOND" --yes >/dev/null
expect "destroying the second leaves the first's containers" "$(env_containers "$FIRST" | sort)" "$first_containers"
expect "and none of its own" "$(env_containers "$SECOND" --all | wc -l)" 0
expect "nor its directory" "$([[ -e "$STATE_DIR/$SECOND" ]] || echo gone)" gone
expect "the first is well" "$(ganymede_is_ready 1 && echo ready)" ready
checks_done
