#!/usr/bin/env bash
# Ganymede killed without warning adopts what runs; an environment stopped and started again still has its documents, also
# when clients ask for their organization again and again while it stops.
set -euo pipefail
# shellcheck source=scripts/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

containers() { env_containers "$ENV_NAME" | sort; }

survives_a_kill() {
  local allocation before
  allocation="$(start_gateway "$DEMO_ADA" | jq --raw-output '"\(.gateway_id) \(.generation)"')"
  before="$(containers)"
  kill -KILL "$(running_pid "$(ganymede_pid_file)")"
  wait_for 10 not_running "$(ganymede_pid_file)"
  at_edge "org-$DEMO_ORGANIZATION.$DOMAIN" "$(https_url "org-$DEMO_ORGANIZATION.$DOMAIN")/health"
  expect "the gateway is served while Ganymede is down" "$STATUS $(jq --raw-output .state <<<"$BODY")" "200 serving"
  run_script envctl.sh start "$ENV_NAME" >"$SCRATCH/start.log" 2>&1 || { cat "$SCRATCH/start.log"; die "it does not start again"; }
  expect "the allocation is the same" "$(start_gateway "$DEMO_ADA" | jq --raw-output '"\(.gateway_id) \(.generation)"')" "$allocation"
  expect "no container was touched" "$(containers)" "$before"
}

# As a client does whose connection was closed, for as long as this script runs. Prints the status of each answer.
start_again_and_again() {
  while kill -0 "$$" 2>/dev/null; do
    API_TIMEOUT_SECONDS=15 call_api POST /gateway/start "{\"organization_id\": \"$DEMO_ORGANIZATION\"}"
    printf '%s\n' "$API_STATUS"
    sleep 0.1
  done
}

# Starts that were answered with 200 after one that was refused: the organization has left, and must not be served again.
served_after_leaving() { awk '$1 == 503 { left = 1 } left && $1 == 200 { served++ } END { print served + 0 }' "$1"; }

survives_a_stop() {
  local text impatient
  text="Before the stop, $(date +%s%N)"
  demo_edit "$text" >/dev/null
  start_again_and_again >"$SCRATCH/starts" &
  impatient=$!
  run_script envctl.sh stop "$ENV_NAME" >"$SCRATCH/stop.log" 2>&1 || { cat "$SCRATCH/stop.log"; die "it does not stop"; }
  kill "$impatient" 2>/dev/null || true
  wait "$impatient" 2>/dev/null || true
  expect "no start succeeds once the organization has left" "$(served_after_leaving "$SCRATCH/starts")" 0
  expect "every document was pushed" "$(find "$GATEWAY_LOG_DIR" -name 'unsent-*.json' | wc -l)" 0
  expect "no container is left running" "$(env_containers "$ENV_NAME" --all | wc -l)" 0
  expect "no process of the environment is left" \
    "$(postgres_pid; running_pid "$(pdns_pid_file)"; running_pid "$(ganymede_pid_file)"; edge_pid)" ''
  run_script envctl.sh start "$ENV_NAME" >"$SCRATCH/start.log" 2>&1 || { cat "$SCRATCH/start.log"; die "it does not start again"; }
  expect_match "the document is there" "$(demo_read)" "$text"
}

open_env "$@"
survives_a_kill
survives_a_stop
checks_done
