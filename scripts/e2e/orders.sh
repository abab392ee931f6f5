#!/usr/bin/env bash
# What operators order of a pool on the real parts: it follows its size, a drained gateway's organization is on another one
# with its documents, and an upgrade goes through, or stops by itself.
set -euo pipefail
# shellcheck source=scripts/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly BAD_IMAGE="ganymede-check-$$"

pool() { ENV_NAME="$ENV_NAME" LOG_INDENT='' "$SCRIPTS_DIR/gateway-pool.sh" "$@"; }
exit_status_of() { local status=0; "$@" >/dev/null 2>&1 || status=$?; printf '%s' "$status"; }

# member <jq filter>: of the member that serves the demo organization.
member() {
  api GET /gateway/pool | jq --raw-output --arg organization "$DEMO_ORGANIZATION" \
    ".gateways[] | select(.organization_id == \$organization and .allocation_state == \"SERVING\") | $1"
}
total() { api GET /gateway/pool | jq .totals.ready; }
has_ready() { [[ "$(total)" == "$1" ]]; }
serves_elsewhere() { local name; name="$(member .name)"; [[ -n "$name" && "$name" != "$1" ]]; }
is_ready_and_cordoned() {
  api GET /gateway/pool | jq --exit-status --arg name "$1" \
    '.gateways[] | select(.name == $name) | .state == "READY" and .cordoned' >/dev/null
}

follows_its_size() {
  pool resize --max "$((GATEWAY_POOL_SIZE + 2))" --min "$((GATEWAY_POOL_SIZE + 1))" >/dev/null
  expect "it grows at once" "$(wait_for 30 has_ready "$((GATEWAY_POOL_SIZE + 1))" && echo yes)" yes
  pool pause "a check" >/dev/null
  pool resize --min "$GATEWAY_POOL_SIZE" --max "$GATEWAY_POOL_SIZE" >/dev/null
  expect_match "paused, it says so" "$(pool status)" "a check"
  pool resume >/dev/null
  expect "above its greatest size idle ones leave" "$(wait_for 30 has_ready "$GATEWAY_POOL_SIZE" && echo yes)" yes
}

moves_an_organization() {
  local text name generation
  text="Before the drain, $(date +%s%N)"
  demo_edit "$text" >/dev/null
  name="$(member .name)" generation="$(member .generation)"
  pool drain "$name" >/dev/null
  expect "the organization is on another gateway" "$(wait_for 30 serves_elsewhere "$name" && echo yes)" yes
  expect "with a new generation" "$(($(member .generation) > generation))" 1
  expect "the drained one is empty and stays so" "$(wait_for 30 is_ready_and_cordoned "$name" && echo yes)" yes
  expect_match "its document came along" "$(demo_read)" "$text"
  expect_match "the timeline tells of both" "$(pool timeline "$DEMO_ORGANIZATION")" "MOVED"
  pool uncordon "$name" >/dev/null
  name="$(member .name)"
  pool recycle "$name" >/dev/null
  expect "recycling moves it too" "$(wait_for 30 serves_elsewhere "$name" && echo yes)" yes
  expect "an unknown gateway is an error" "$(exit_status_of pool drain gw-pool-9999)" 1
}

upgrades() {
  local before
  before="$(docker image inspect --format '{{.Id}}' "$GATEWAY_IMAGE")"
  idle_pool
  # An image whose gateways end as soon as they run.
  printf 'FROM %s\nENTRYPOINT ["/bin/false"]\n' "$GATEWAY_IMAGE" | docker build --quiet --tag "$BAD_IMAGE" - >/dev/null
  expect "an upgrade to an image that does not come up stops by itself" "$(exit_status_of pool upgrade "$BAD_IMAGE" --wait)" 1
  expect_match "and says so" "$(pool upgrade-status || true)" "STOPPED"
  expect "the pool is whole again" "$(wait_for 60 all_gateways_ready && echo yes)" yes
  expect "an upgrade to one that does goes through" "$(exit_status_of pool upgrade "$GATEWAY_IMAGE" --wait)" 0
  expect "every container runs it" \
    "$(env_containers "$ENV_NAME" | xargs docker inspect --format '{{.Image}}' | sort -u)" "$before"
  docker rmi --force "$BAD_IMAGE" >/dev/null
}

open_env "$@"
idle_pool
follows_its_size
moves_an_organization
upgrades
idle_pool
checks_done
