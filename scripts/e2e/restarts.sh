#!/usr/bin/env bash
# Ganymede killed without warning adopts what runs; an environment stopped and started again still has its documents.
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

survives_a_stop() {
  local text
  text="Before the stop, $(date +%s%N)"
  demo_edit "$text" >/dev/null
  run_script envctl.sh stop "$ENV_NAME" >"$SCRATCH/stop.log" 2>&1 || { cat "$SCRATCH/stop.log"; die "it does not stop"; }
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
