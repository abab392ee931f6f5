#!/usr/bin/env bash
# Two Ganymedes on one database, behind the edge: both answer, one leads; killed, it is followed by the other within
# seconds, which then serves an organization again whose gateway is killed.
set -euo pipefail
# shellcheck source=scripts/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly CALLERS=30 TAKEOVER_SECONDS=10

# with_replicas <count>
with_replicas() {
  sed -i "s/^GANYMEDE_REPLICAS=.*/GANYMEDE_REPLICAS=$1/" "$ENV_FILE"
  grep -q '^GANYMEDE_REPLICAS=' "$ENV_FILE" || printf 'GANYMEDE_REPLICAS=%s\n' "$1" >>"$ENV_FILE"
  run_script envctl.sh restart "$ENV_NAME" ganymede >"$SCRATCH/restart.log" 2>&1 || { cat "$SCRATCH/restart.log"; die "no $1 replicas"; }
  load_env "$ENV_NAME"
}

leaders() {
  local replica
  for replica in $(replicas); do
    if ganymede_leads "$replica"; then printf '%s ' "$replica"; fi
  done
}
one_leads() { [[ "$(leaders)" =~ ^[0-9]\ $ ]]; }

# served_by <replica>: HTTP requests that it has answered at POST /gateway/start.
served_by() {
  curl --silent --max-time 5 "$(replica_url "$1")/q/metrics" |
    awk '/^http_server_requests_seconds_count/ && /uri="\/gateway\/start"/ { n += $NF } END { print n + 0 }'
}

both_serve() {
  local replica before=() i organizations
  for replica in $(replicas); do before[replica]="$(served_by "$replica")"; done
  with_key >"$SCRATCH/key"
  for ((i = 0; i < CALLERS; i++)); do
    ((i == 0)) || printf 'next\n'
    printf 'silent\nmax-time = 30\nurl = "%s/gateway/start"\nheader = "@%s"\nheader = "Content-Type: application/json"\n' \
      "$(https_url "$(ganymede_host)")" "$SCRATCH/key"
    printf 'cacert = "%s"\nresolve = "%s:%s:%s"\n' "$CERTIFICATE_DIR/rootCA.pem" "$(ganymede_host)" "$EDGE_HTTPS_PORT" "$HOST_ADDRESS"
    printf 'data = "{\\"organization_id\\": \\"%s\\"}"\noutput = "%s"\n' "$DEMO_ORGANIZATION" "$SCRATCH/$i.body"
  done >"$SCRATCH/curl.conf"
  curl --parallel --parallel-immediate --parallel-max "$CALLERS" --no-progress-meter --config "$SCRATCH/curl.conf" || true
  expect "every caller is answered" "$(find "$SCRATCH" -name '*.body' -size +0 | wc -l)" "$CALLERS"
  organizations="$(cat "$SCRATCH"/*.body | jq --raw-output '"\(.state) \(.gateway_id) \(.generation)"' | sort -u)"
  expect_match "all callers are told of one gateway" "$(wc -l <<<"$organizations") $organizations" '^1 SERVING'
  for replica in $(replicas); do
    expect "replica $replica has answered some" "$(($(served_by "$replica") > before[replica]))" 1
  done
}

other_leads() { ganymede_leads "$1"; }

survives_the_leader() {
  local leader other began_ms
  leader="$(leaders)" leader="${leader% }"
  other=$((3 - leader))
  kill -KILL "$(ganymede_pid "$leader")"
  began_ms="$(now_ms)"
  expect "another one leads" "$(wait_for "$TAKEOVER_SECONDS" other_leads "$other" && echo yes)" yes
  say "after $(seconds_since "$began_ms")"
  at_edge "$(ganymede_host)" -H @"$SCRATCH/key" "$(https_url "$(ganymede_host)")/gateway/pool"
  expect "the edge finds the one that is left" "$STATUS" 200
}

gateway_of_demo() {
  api GET /gateway/pool | jq --raw-output --arg organization "$DEMO_ORGANIZATION" \
    '.gateways[] | select(.organization_id == $organization) | "\(.container_id) \(.generation)"'
}
served_anew() {
  at_edge "org-$DEMO_ORGANIZATION.$DOMAIN" "$(https_url "org-$DEMO_ORGANIZATION.$DOMAIN")/health"
  [[ "$STATUS" == 200 ]] && (($(jq '.generation // 0' <<<"$BODY") > $1))
}

fails_a_gateway_over() {
  local container generation began_ms
  read -r container generation <<<"$(gateway_of_demo)"
  docker kill "$container" >/dev/null
  began_ms="$(now_ms)"
  expect "its organization is served again by the new leader" "$(wait_for 20 served_anew "$generation" && echo yes)" yes
  say "after $(seconds_since "$began_ms")"
}

open_env "$@"
readonly REPLICAS_BEFORE="$GANYMEDE_REPLICAS"
idle_pool
with_replicas 2
expect "exactly one leads" "$(wait_for 15 one_leads && echo yes)" yes
both_serve
survives_the_leader
fails_a_gateway_over
run_script envctl.sh start "$ENV_NAME" >"$SCRATCH/start.log" 2>&1 || { cat "$SCRATCH/start.log"; die "it does not start again"; }
expect "the killed one is there again, and one leads" "$(wait_for 15 one_leads && echo yes)" yes
idle_pool
with_replicas "$REPLICAS_BEFORE"
checks_done
