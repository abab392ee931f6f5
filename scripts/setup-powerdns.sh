#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: setup-powerdns.sh [env]

Installs PowerDNS with its PostgreSQL backend. With an environment (made by create-env.sh) also makes the database `pdns`
in its cluster and writes its pdns.conf. The zone itself is Ganymede's: it makes sure of it at each start.
EOT
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# <= 1)) || die_usage "too many arguments"
  (($# == 0)) || require_env_name "$1"
  require_root "$@"
  install_packages "${POWERDNS_PACKAGES[@]}"
  (($# == 1)) || return 0

  load_env "$1"
  lock_env "$1"
  ensure_cluster
  with_postgres ensure_pdns_database
  render_pdns_conf
  ok "PowerDNS of $1: database pdns, $ENV_DIR/pdns/pdns.conf, DNS at $HOST_ADDRESS port $DNS_PORT, API at $PDNS_API_URL"
}

main "$@"
