#!/usr/bin/env bash
# One daemon of an environment stopped, started or damaged, for the fault suite.
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"

usage() {
  cat <<'EOT'
usage: part.sh <env> <action>

  stop-pdns, start-pdns, stop-edge, start-edge
  kill-postgres      immediate: no checkpoint, no goodbye to anybody
  start-postgres
  start              all three, those that do not run
  mount-edge         an empty file system of 32 MB takes the place of the edge's directory; the edge must be stopped
  unmount-edge       the directory that was there before is back
  restart-docker     only an engine that the scripts started
EOT
}

mount_edge() { mount -t tmpfs -o size=32m,mode=0711 ganymede-faults "$EDGE_DIR"; }
unmount_edge() { umount "$EDGE_DIR"; }

restart_docker() {
  is_running "$DOCKERD_PID_FILE" || die "the scripts did not start this engine"
  stop_docker
  start_docker
}

main() {
  (($# == 2)) || die_usage "an environment's name and an action are needed"
  load_env "$1"
  case "$2" in
    stop-pdns) stop_pdns ;;
    start-pdns) start_pdns ;;
    stop-edge) stop_edge ;;
    start-edge) start_edge ;;
    kill-postgres) pg_control --mode=immediate --wait --timeout=30 stop ;;
    start-postgres) start_postgres ;;
    start) start_postgres; start_pdns; start_edge ;;
    mount-edge) mount_edge ;;
    unmount-edge) unmount_edge ;;
    restart-docker) restart_docker ;;
    *) die_usage "there is no action '$2'" ;;
  esac
}

main "$@"
