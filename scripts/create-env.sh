#!/usr/bin/env bash
# shellcheck disable=SC2034 # settings are written by name (write_env_file), which shellcheck cannot see
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: create-env.sh <env> [domain] [workspace-path] [database-path]

Makes an environment, or completes one: its secrets, ports and data are kept when it is there already.

  env             its name: a-z, 0-9 and -, at most 31 characters
  domain          default domain.local
  workspace-path  directory that every gateway sees, read-only, as /home/dev/workspace (default <environment>/workspace)
  database-path   directory of its PostgreSQL cluster (default <environment>/postgres)

environment variables
  GATEWAY_POOL_SIZE  gateways that its pool has at least, 1 to 100 (default 3)
  GATEWAY_POOL_MAX   gateways that it may have, 1 to 100 (default 100)
  GANYMEDE_REPLICAS  processes of Ganymede, 1 to 9 (default 1)
  HOST_ADDRESS       address that DNS answers with and the edge listens on (default: a loopback address of its own);
                     an address of this machine makes the environment reachable from others
  LOCAL_DEV_DIR      where environments live (default ~/.local-dev)
EOT
}

# setting <key> <default>: an existing value wins, so that running again changes nothing.
setting() {
  [[ -n "${!1:-}" ]] || printf -v "$1" '%s' "$2"
}

random_secret() { openssl rand -hex 24; }

# The first 127.0.0.N from 127.0.0.2 on that no other environment has: so each keeps the ports 53, 80 and 443.
free_loopback_address() {
  local slot taken
  taken="$(sed -n 's/^LOOPBACK_ADDRESS=//p' "$STATE_DIR"/*/.env.ganymede 2>/dev/null || true)"
  for ((slot = 1; slot < 254; slot++)); do
    grep -qxF "127.0.0.$((slot + 1))" <<<"$taken" || {
      printf '127.0.0.%d' "$((slot + 1))"
      return 0
    }
  done
  die "no loopback address is left: there are 253 environments below $STATE_DIR"
}

make_directories() {
  mkdir -p "$ENV_DIR"
  chmod 0711 "$ENV_DIR"
  local dir
  for dir in run logs edge frontend; do
    mkdir -p "$ENV_DIR/$dir"
    chmod 0711 "$ENV_DIR/$dir"
  done
  # nginx's workers read certificates by name; the keys in these directories are protected one by one.
  mkdir -p "$ENV_DIR/certificates"
  chmod 0711 "$ENV_DIR/certificates"
  # Documents that could not be pushed are rescued into gateway-pool/.
  for dir in data gateway-pool; do
    mkdir -p "$ENV_DIR/$dir"
    chmod 0700 "$ENV_DIR/$dir"
  done
}

# Arguments and variables of this call, kept apart from what the file of an existing environment says.
choose_settings() {
  local asked_domain="$2" asked_workspace="$3" asked_database="$4"
  local asked_pool_size="${GATEWAY_POOL_SIZE:-}" asked_host="${HOST_ADDRESS:-}" asked_replicas="${GANYMEDE_REPLICAS:-}"
  local asked_pool_max="${GATEWAY_POOL_MAX:-}"
  if [[ -f "$ENV_FILE" ]]; then read_env_file; else unset "${ENV_KEYS[@]}"; fi
  refuse_change DOMAIN "$asked_domain"
  refuse_change WORKSPACE_DIR "$asked_workspace"
  refuse_change DATABASE_DIR "$asked_database"

  setting ENV_NAME "$1"
  setting DOMAIN "${asked_domain:-domain.local}"
  [[ -z "$asked_pool_size" ]] || GATEWAY_POOL_SIZE="$asked_pool_size"
  setting GATEWAY_POOL_SIZE 3
  [[ -z "$asked_pool_max" ]] || GATEWAY_POOL_MAX="$asked_pool_max"
  [[ -z "$asked_replicas" ]] || GANYMEDE_REPLICAS="$asked_replicas"
  complete_env
  setting WORKSPACE_DIR "${asked_workspace:-$ENV_DIR/workspace}"
  setting DATABASE_DIR "${asked_database:-$ENV_DIR/postgres}"

  setting LOOPBACK_ADDRESS "$(free_loopback_address)"
  [[ -z "$asked_host" ]] || HOST_ADDRESS="$asked_host"
  setting HOST_ADDRESS "$LOOPBACK_ADDRESS"
  local address_pattern='^([0-9]{1,3}\.){3}[0-9]{1,3}$'
  [[ "$HOST_ADDRESS" =~ $address_pattern ]] || die_usage "HOST_ADDRESS=$HOST_ADDRESS is not an IPv4 address"

  setting GANYMEDE_LISTEN_ADDRESS "$LOOPBACK_ADDRESS"
  setting GANYMEDE_DATA_DIR "$ENV_DIR/data"
  setting GANYMEDE_API_KEY "$(random_secret)"
  setting GANYMEDE_DB_USER ganymede
  setting GANYMEDE_DB_PASSWORD "$(random_secret)"
  setting PDNS_API_KEY "$(random_secret)"
  setting EDGE_DIR "$ENV_DIR/edge"
  setting EDGE_NGINX_BINARY nginx
  setting EDGE_MODE auto
  setting CERTIFICATE_DIR "$ENV_DIR/certificates"
  setting DOCKER_HOST "unix:///var/run/docker.sock"
  setting GATEWAY_IMAGE gateway:latest
  setting GATEWAY_NETWORK "ganymede-$1"
  setting WORKSPACE_VOLUME "ganymede-$1-workspace"
  setting GATEWAY_LOG_DIR "$ENV_DIR/gateway-pool"
  setting NODE_ADDRESS "$LOOPBACK_ADDRESS"
  setting GATEWAY_AUTOSAVE_SECONDS 30
  setting GATEWAY_INACTIVITY_SHUTDOWN_SECONDS 300
  setting GATEWAY_MEMORY_MIB 512
  setting GATEWAY_CPUS 1
  setting GATEWAY_PIDS 256
}

# refuse_change <key> <asked>: data and names depend on it; moving them is not what running this again is for.
refuse_change() {
  [[ -z "$2" || -z "${!1:-}" || "$2" == "${!1}" ]] ||
    die "this environment has $1=${!1}; to have $2 instead, destroy it first, or make another one"
}

# Ports are chosen once, on the environment's own addresses, and recorded.
choose_ports() {
  local https http
  [[ -n "${GANYMEDE_PORT:-}" ]] || GANYMEDE_PORT="$(free_port "$LOOPBACK_ADDRESS" 6000 tcp)"
  [[ -n "${DATABASE_PORT:-}" ]] || DATABASE_PORT="$(free_port "$LOOPBACK_ADDRESS" 5432 tcp)"
  [[ -n "${PDNS_API_PORT:-}" ]] || PDNS_API_PORT="$(free_port "$LOOPBACK_ADDRESS" 8081 tcp)"
  [[ -n "${DNS_PORT:-}" ]] || DNS_PORT="$(free_port "$HOST_ADDRESS" 53 both)"
  https="$(free_port "$HOST_ADDRESS" 443 tcp)" http="$(free_port "$HOST_ADDRESS" 80 tcp)"
  choose_replica_ports
  setting EDGE_HTTPS_PORT "$https"
  setting EDGE_HTTP_PORT "$http"
  GANYMEDE_DB_URL="postgresql://$LOOPBACK_ADDRESS:$DATABASE_PORT/ganymede"
  PDNS_API_URL="http://$LOOPBACK_ADDRESS:$PDNS_API_PORT"
}

# The edge listens for people (HOST_ADDRESS), and for the gateways (their network's address of this host).
choose_network() {
  ensure_network "$ENV_NAME" "$GATEWAY_NETWORK"
  GANYMEDE_ADDRESS_IN_CONTAINER="$(network_gateway "$GATEWAY_NETWORK")"
  EDGE_LISTEN_ADDRESSES="$HOST_ADDRESS,$GANYMEDE_ADDRESS_IN_CONTAINER"
  [[ "$HOST_ADDRESS" == "$LOOPBACK_ADDRESS" ]] || EDGE_LISTEN_ADDRESSES="$LOOPBACK_ADDRESS,$EDGE_LISTEN_ADDRESSES"
}

make_workspace() {
  mkdir -p -- "$WORKSPACE_DIR/monorepo"
  ensure_workspace_volume "$ENV_NAME" "$WORKSPACE_VOLUME" "$WORKSPACE_DIR"
}

# The frontend is the workspace's own build when there is one that nginx's workers can read, else a page of ours.
choose_frontend() {
  local built="$WORKSPACE_DIR/monorepo/dist/packages/app-frontend"
  EDGE_FRONTEND_DIR="$ENV_DIR/frontend"
  if [[ -d "$built" ]]; then
    if open_to_others "$built"; then
      EDGE_FRONTEND_DIR="$built"
    else
      warn "nginx's workers (www-data) cannot reach $built; serving a page of ours instead"
    fi
  fi
  render_template "$SCRIPTS_DIR/lib/frontend/index.html" "DOMAIN=$DOMAIN" "ENV_NAME=$ENV_NAME" \
    "GANYMEDE_URL=$(https_url "$(ganymede_host)")" "HOST_ADDRESS=$HOST_ADDRESS" "DNS_PORT=$DNS_PORT" \
    >"$ENV_DIR/frontend/index.html"
  chmod 0644 "$ENV_DIR/frontend/index.html"
}

make_ganymede_database() {
  ensure_role ganymede "$GANYMEDE_DB_PASSWORD"
  ensure_database ganymede ganymede
}

make_databases() {
  make_ganymede_database
  step "PowerDNS"
  run_script setup-powerdns.sh "$ENV_NAME"
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# >= 1 && $# <= 4)) || die_usage "an environment's name is missing, or there are too many arguments"
  require_env_name "$1"
  [[ -z "${2:-}" ]] || require_domain "$2"
  [[ -z "${3:-}" ]] || require_path "$3"
  [[ -z "${4:-}" ]] || require_path "$4"
  [[ -z "${GATEWAY_POOL_SIZE:-}" ]] || require_pool_size "$GATEWAY_POOL_SIZE"
  [[ -z "${GATEWAY_POOL_MAX:-}" ]] || require_pool_size "$GATEWAY_POOL_MAX"
  [[ "${GANYMEDE_REPLICAS:-1}" =~ ^[1-9]$ ]] || die_usage "GANYMEDE_REPLICAS=$GANYMEDE_REPLICAS is not 1 to 9"
  require_root "$@"
  docker_answers || die "no Docker engine answers: scripts/setup-all.sh"

  steps 4
  step "Environment $1: directories, addresses, secrets"
  locate_env "$1"
  # Two environments made at once must not choose the same address.
  exec {state_lock}<"$STATE_DIR"
  flock --timeout 60 "$state_lock" || die "another script has been making an environment for a minute"
  make_directories
  lock_env "$1"
  choose_settings "$1" "${2:-}" "${3:-}" "${4:-}"
  choose_ports
  choose_network
  choose_frontend
  write_env_file
  exec {state_lock}<&-
  validate_env
  say "domain $DOMAIN at $HOST_ADDRESS, https port $EDGE_HTTPS_PORT, DNS port $DNS_PORT; settings in $ENV_FILE"
  say "gateways: $GATEWAY_POOL_SIZE on the network $GATEWAY_NETWORK, where this host is $GANYMEDE_ADDRESS_IN_CONTAINER"

  step "Workspace"
  make_workspace
  say "$WORKSPACE_DIR as the volume $WORKSPACE_VOLUME"

  step "PostgreSQL"
  ensure_cluster
  with_postgres make_databases

  step_done
  ok "environment $1 is made; start it with scripts/envctl.sh start $1"
}

main "$@"
