#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"

usage() {
  cat <<'EOT'
usage: clean-up.sh <env>

Removes what a fault suite that was cut short may have left beside its environment: a file system mounted over the edge's
directory, clients' containers, images. The environment itself stays.
EOT
}

unmount_all() {
  local mounted
  # The last one mounted first; "lazily", since nginx may have files open there.
  while mounted="$(findmnt --noheadings --list --output TARGET | grep -F -- "$ENV_DIR/" | tail -n 1)"; do
    umount --lazy -- "$mounted"
  done
}

remove_from_engine() {
  local names
  mapfile -t names < <(docker ps --all --quiet --filter "label=dev.ganymede.faults=$1")
  ((${#names[@]} == 0)) || docker rm --force "${names[@]}" >/dev/null
  mapfile -t names < <(docker images --quiet "ganymede-faults-$1" | sort -u)
  ((${#names[@]} == 0)) || docker rmi --force "${names[@]}" >/dev/null
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# == 1)) || die_usage "an environment's name is needed"
  require_root "$@"
  locate_env "$1"
  unmount_all
  if docker_answers; then remove_from_engine "$1"; fi
}

main "$@"
