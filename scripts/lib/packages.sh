# shellcheck shell=bash
# Debian packages: installs what is missing and nothing else, and lets none of it start a daemon on its own. Needs common.sh.

readonly POLICY_FILE=/usr/sbin/policy-rc.d
readonly NO_MAIN_CLUSTER_FILE=/etc/postgresql-common/createcluster.d/ganymede-install.conf

# shellcheck disable=SC2034 # used by the scripts
readonly POWERDNS_PACKAGES=(pdns-server pdns-backend-pgsql)
# shellcheck disable=SC2034
readonly RUN_PACKAGES=(docker.io iptables postgresql nginx-full libnginx-mod-http-lua openssl ca-certificates curl jq
  bind9-dnsutils iproute2 procps util-linux "${POWERDNS_PACKAGES[@]}")
# shellcheck disable=SC2034
readonly BUILD_PACKAGES=(openjdk-17-jdk-headless maven mmdebstrap xz-utils)
# shellcheck disable=SC2034
readonly TEST_PACKAGES=(shellcheck pebble)

package_installed() {
  [[ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

# install_packages <package...>
install_packages() {
  local package
  MISSING_PACKAGES=()
  for package in "$@"; do
    package_installed "$package" || MISSING_PACKAGES+=("$package")
  done
  if ((${#MISSING_PACKAGES[@]} == 0)); then
    say "nothing to install: all $# packages are there"
    return 0
  fi
  say "missing: ${MISSING_PACKAGES[*]}"
  mkdir -p "$SYSTEM_LOG_DIR"
  run_beside "$SYSTEM_LOG_DIR" apt install_missing
  leave_disabled "${MISSING_PACKAGES[@]}"
}

# Runs in a subshell (run_beside): the trap gives the machine its policy back, however the installation ends.
install_missing() {
  trap allow_service_starts EXIT
  trap 'exit 130' INT TERM
  forbid_service_starts
  export DEBIAN_FRONTEND=noninteractive
  local apt=(apt-get --quiet --yes --option Dpkg::Options::=--force-confold --option Dpkg::Use-Pty=0
    --option DPkg::Lock::Timeout=300 --option Acquire::Retries=3)
  # The lists may be missing or too old; asking the index is much cheaper than a failed installation.
  "${apt[@]}" update || echo "apt-get update failed; trying with the lists that are there"
  "${apt[@]}" install --no-install-recommends "${MISSING_PACKAGES[@]}"
}

forbid_service_starts() {
  if [[ ! -e "$POLICY_FILE" && ! -L "$POLICY_FILE" ]]; then
    printf '#!/bin/sh\n# ganymede: temporary\nexit 101\n' >"$POLICY_FILE"
    chmod 0755 "$POLICY_FILE"
  fi
  if ! package_installed postgresql-common; then
    mkdir -p "$(dirname "$NO_MAIN_CLUSTER_FILE")"
    printf 'create_main_cluster = false\n' >"$NO_MAIN_CLUSTER_FILE"
  fi
}

allow_service_starts() {
  if grep -qs '^# ganymede: temporary$' "$POLICY_FILE"; then rm -f -- "$POLICY_FILE"; fi
  rm -f -- "$NO_MAIN_CLUSTER_FILE"
}

# Where systemd runs, a package that we brought must not claim port 53, 80 or 5432 of every address at the next boot.
leave_disabled() {
  [[ -d /run/systemd/system ]] || return 0
  local package unit
  for package in "$@"; do
    case "$package" in
      pdns-server) unit=pdns ;;
      nginx-full) unit=nginx ;;
      postgresql) unit=postgresql ;;
      *) continue ;;
    esac
    systemctl disable --now "$unit" >/dev/null 2>&1 || true
    note "$unit.service is left disabled: every environment runs a process of its own"
  done
}
