#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"
# shellcheck source=scripts/bench/alone.sh
source "$SCRIPTS_DIR/bench/alone.sh"
# shellcheck source=scripts/bench/whole.sh
source "$SCRIPTS_DIR/bench/whole.sh"

usage() {
  cat <<'EOT'
usage: restart-whole.sh

Restarts the Ganymede of a running bench.sh, whose settings it finds in its environment, and prints the milliseconds from the
start of the new process to its readiness.
EOT
}

# Often, since that is what is measured.
wait_closely() {
  local deadline_ms=$(($(now_ms) + 60000))
  until health ready 1; do
    (($(now_ms) < deadline_ms)) || die "Ganymede does not become ready"
    sleep 0.02
  done
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# == 0)) || die_usage "no arguments are taken"
  local begin_ms
  stop_process "$(ganymede_pid_file)" Ganymede 40
  begin_ms="$(now_ms)"
  start_whole_ganymede
  wait_closely
  printf '%d\n' "$(($(now_ms) - begin_ms))"
}

main "$@"
