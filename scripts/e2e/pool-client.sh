#!/usr/bin/env bash
# gateway-pool.sh says what the seed says, and its exit status tells the truth.
set -euo pipefail
# shellcheck source=scripts/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

pool() { ENV_NAME="$ENV_NAME" LOG_INDENT='' "$SCRIPTS_DIR/gateway-pool.sh" "$@"; }
exit_status_of() { local status=0; "$@" >/dev/null 2>&1 || status=$?; printf '%s' "$status"; }

open_env "$@"
idle_pool
expect "status of an idle pool" "$(pool status | sed -n '2,4p' | tr -s ' \n' ' ')" \
  " Total: $GATEWAY_POOL_SIZE Ready: $GATEWAY_POOL_SIZE Allocated: 0 "
gateway="$(pool allocate "$DEMO_ORGANIZATION")"
expect_match "allocate prints name|http port|vpn port" "$gateway" '^gw-pool-[0-9]+\|[0-9]+\|[0-9]+$'
expect "allocating again joins the same gateway" "$(pool allocate "$DEMO_ORGANIZATION")" "$gateway"
expect_match "list names the organization" "$(pool list)" "${gateway%%|*}: ALLOCATED to $DEMO_ORGANIZATION"
expect_match "deallocate returns it" "$(pool deallocate "$DEMO_ORGANIZATION")" "Deallocated ${gateway%%|*}"
expect "deallocating twice is an error" "$(exit_status_of pool deallocate "$DEMO_ORGANIZATION")" 1
expect "an unknown organization is an error" "$(exit_status_of pool allocate 00000000-0000-4000-8000-000000000000)" 1
expect "a UUID that is none is wrong use" "$(exit_status_of pool allocate 'a;reload')" 2
idle_pool
checks_done
