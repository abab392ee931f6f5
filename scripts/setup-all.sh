#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: setup-all.sh

Readies a bare Debian 12: installs the packages that are missing, starts a Docker engine when none answers, builds the
images and Ganymede. What is there already is left alone, so running it again takes seconds.
EOT
}

build_images() { "$SCRIPTS_DIR/build-images.sh"; }

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# == 0)) || die_usage "no arguments are taken"
  require_root "$@"
  mkdir -p "$SYSTEM_LOG_DIR"
  # The messages of what runs beside go to logs, where an indent is of no use.
  local indent="$LOG_INDENT"

  steps 4
  step "Debian packages"
  install_packages "${BUILD_PACKAGES[@]}" "${RUN_PACKAGES[@]}"
  step "PowerDNS"
  run_script setup-powerdns.sh
  step "Docker engine"
  ensure_docker
  step "Images and Ganymede, side by side"
  run_beside "$SYSTEM_LOG_DIR" images build_images ganymede build_service
  step_done
  LOG_INDENT="$indent"
  ok "this machine is ready"
}

main "$@"
