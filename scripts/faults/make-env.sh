#!/usr/bin/env bash
# shellcheck disable=SC2034 # settings are written by name (write_env_file), which shellcheck cannot see
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"

usage() {
  cat <<'EOT'
usage: make-env.sh <env> <domain>

Makes an environment with the settings of the fault suite, and starts it: gateways save every second, and fail over as often
as the suite has them die. For people who work on the suite; scripts/test.sh faults does it by itself.
EOT
}

# put <key> <value>
put() {
  if [[ " ${ENV_KEYS[*]} " == *" $1 "* ]]; then
    printf -v "$1" '%s' "$2"
  else
    EXTRA_SETTINGS["$1"]="$2"
  fi
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# == 2)) || die_usage "an environment's name and a domain are needed"
  require_root "$@"
  run_script setup-all.sh
  GATEWAY_POOL_SIZE=6 run_script create-env.sh "$1" "$2"
  load_env "$1"
  put GATEWAY_AUTOSAVE_SECONDS 1
  put GATEWAY_MEMORY_MIB 256
  put GATEWAY_POOL_BUFFER 2
  put GATEWAY_POOL_MAX 14
  put GATEWAY_FAILOVERS_PER_MINUTE 1000
  write_env_file
  run_script envctl.sh start "$1"
}

main "$@"
