#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"

usage() {
  cat <<'EOT'
usage: smoke.sh

Runs bench.sh with tiny sizes and checks that every figure is there, and that nothing is left behind. Part of test.sh e2e.
EOT
}

# complete <JSON>: every step of every shape on every side, every target judged, both loads.
complete() {
  jq --exit-status '
    (.snapshots | length == 2)
    and all(.snapshots[]; [.["first push", "push, 1 project changed", "push, unchanged", "pull"]]
      | all(.[]; length == 5 and all(.[]; .rounds == 2 and .min_ms > 0 and .min_ms <= .median_ms and .median_ms <= .max_ms)))
    and (.snapshots[0].pull["Ganymede, whole body"].peak_mib > 50)
    and (.targets | length == 20) and all(.targets[]; .speedup > 0 and (.met | type == "boolean"))
    and (.autosave | length == 2) and all(.autosave[]; .ganymede_cores >= 0 and .postgres_cores >= 0 and .save.rounds > 0)
    and ([.at, .commit, .machine] | all(length > 0))' "$1" >/dev/null
}

# complete_start <JSON>: both parts, none of the starts failed, and the process was found.
complete_start() {
  jq --exit-status '
    all(.seed_few, .seed_many, .start_few, .start_many, .burst; .rounds > 0 and .p50_ms > 0 and .p50_ms <= .p99_ms and .p99_ms <= .max_ms)
    and .burst_failed == 0 and .sustained_per_second > 0 and .fill_per_second > 0
    and .resident_mib > 50 and .idle_cores >= 0 and .restart_seconds > 0
    and ([.at, .commit, .machine] | all(length > 0))' "$1" >/dev/null
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# == 0)) || die_usage "no arguments are taken"
  require_root "$@"
  RESULTS="$(mktemp -d)"
  trap 'rm -rf -- "$RESULTS"' EXIT
  "$SCRIPTS_DIR/bench.sh" snapshots --quick --results "$RESULTS"
  complete "$RESULTS/snapshots.json" || die "a figure is missing: $(cat "$RESULTS/snapshots.json")"
  [[ "$(grep -c '^| 200\|met\|missed' "$RESULTS/snapshots.md")" -ge 12 ]] || die "the table is not complete"
  "$SCRIPTS_DIR/bench.sh" start --quick --results "$RESULTS"
  complete_start "$RESULTS/start.json" || die "a figure is missing: $(cat "$RESULTS/start.json")"
  ok "every figure is there"
}

main "$@"
