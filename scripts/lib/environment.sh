# shellcheck shell=bash
# An environment: where it lives, its settings in .env.ganymede, its lock. Needs common.sh and process.sh.

# Every key of .env.ganymede. Reading the file sets these variables and no others.
readonly ENV_KEYS=(
  ENV_NAME DOMAIN GATEWAY_POOL_SIZE GATEWAY_POOL_MAX GATEWAY_POOL_BUFFER HOST_ADDRESS LOOPBACK_ADDRESS WORKSPACE_DIR DATABASE_DIR
  GANYMEDE_LISTEN_ADDRESS GANYMEDE_PORT GANYMEDE_REPLICAS GANYMEDE_DATA_DIR GANYMEDE_API_KEY
  GANYMEDE_DB_URL GANYMEDE_DB_USER GANYMEDE_DB_PASSWORD DATABASE_PORT
  PDNS_API_URL PDNS_API_PORT PDNS_API_KEY DNS_PORT
  EDGE_DIR EDGE_LISTEN_ADDRESSES EDGE_HTTP_PORT EDGE_HTTPS_PORT EDGE_FRONTEND_DIR EDGE_NGINX_BINARY EDGE_MODE CERTIFICATE_DIR
  DOCKER_HOST GATEWAY_IMAGE GATEWAY_NETWORK WORKSPACE_VOLUME GATEWAY_LOG_DIR NODE_ADDRESS GANYMEDE_ADDRESS_IN_CONTAINER
  GATEWAY_AUTOSAVE_SECONDS GATEWAY_INACTIVITY_SHUTDOWN_SECONDS GATEWAY_MEMORY_MIB GATEWAY_CPUS GATEWAY_PIDS
)

# --- where environments live ------------------------------------------------------------------------------------------

# PostgreSQL, PowerDNS and nginx's workers run as users of their own and open files below the environment's directory,
# so each directory above it must let them pass. Debian's home directories (0700) do not, and opening somebody's home to
# everyone is not ours to do: then the environments live below /var/lib, and ~/.local-dev becomes a link to them.
readonly SHARED_STATE_DIR=/var/lib/ganymede/environments

# open_to_others <directory>: every directory of that path may be passed by every user.
open_to_others() {
  local path mode
  path="$(realpath -m -- "$1")"
  while :; do
    if [[ -d "$path" ]]; then
      mode="$(stat -c %a -- "$path")"
      (((8#$mode & 1) == 1)) || return 1
    fi
    [[ "$path" != / ]] || return 0
    path="$(dirname -- "$path")"
  done
}

# find_state_dir: sets STATE_DIR, the physical directory that holds all environments; makes it when it is missing.
find_state_dir() {
  local wanted="${LOCAL_DEV_DIR:-$HOME/.local-dev}"
  if ! open_to_others "$wanted"; then
    [[ -z "${LOCAL_DEV_DIR:-}" ]] ||
      die "LOCAL_DEV_DIR=$LOCAL_DEV_DIR cannot be reached by the users postgres, pdns and www-data: each directory above it must be passable (chmod o+x)"
    if [[ -e "$wanted" ]]; then
      die "$wanted exists, below a home directory that the users postgres, pdns and www-data may not pass; move it away, or set LOCAL_DEV_DIR"
    fi
    mkdir -p "$SHARED_STATE_DIR"
    chmod 0711 "$(dirname "$SHARED_STATE_DIR")" "$SHARED_STATE_DIR"
    ln -sfn "$SHARED_STATE_DIR" "$wanted"
  fi
  if [[ ! -d "$wanted" ]]; then
    mkdir -p -- "$wanted"
    chmod 0711 -- "$wanted"
  fi
  STATE_DIR="$(cd "$wanted" && pwd -P)"
  require_path "$STATE_DIR"
}

# locate_env <env>: checks the name; sets STATE_DIR, ENV_DIR and ENV_FILE.
locate_env() {
  require_env_name "$1"
  find_state_dir
  ENV_DIR="$STATE_DIR/$1"
  ENV_FILE="$ENV_DIR/.env.ganymede"
}

# --- its lock ---------------------------------------------------------------------------------------------------------

# lock_env <env>: one script at a time changes an environment. A script that we call finds the lock held already.
lock_env() {
  [[ "${ENV_LOCK_HELD:-}" != "$1" ]] || return 0
  exec {ENV_LOCK_FD}<"$ENV_DIR"
  flock --nonblock "$ENV_LOCK_FD" || {
    say "waiting for another script that is changing $1"
    flock --timeout 300 "$ENV_LOCK_FD" || die "another script has been changing $1 for five minutes"
  }
  export ENV_LOCK_HELD="$1" ENV_LOCK_FD
}

# without_lock <command...>: for what starts a daemon, which would keep the lock for as long as it lives.
without_lock() {
  (
    if [[ -n "${ENV_LOCK_FD:-}" ]]; then exec {ENV_LOCK_FD}>&-; fi
    exec "$@"
  )
}

# --- its settings -----------------------------------------------------------------------------------------------------

# load_env <env>: reads its settings into the variables of ENV_KEYS. The file is read as data and never executed.
load_env() {
  locate_env "$1"
  [[ -f "$ENV_FILE" ]] || die "there is no environment $1 (looked for $ENV_FILE); make it with scripts/create-env.sh $1"
  read_env_file
  complete_env
  [[ "$ENV_NAME" == "$1" ]] || die "$ENV_FILE belongs to the environment '$ENV_NAME'"
  validate_env
  export DOCKER_HOST
}

read_env_file() {
  local line key number=0 known=" ${ENV_KEYS[*]} "
  unset "${ENV_KEYS[@]}"
  EXTRA_SETTINGS=()
  while IFS= read -r line || [[ -n "$line" ]]; do
    number=$((number + 1))
    [[ -n "$line" && "$line" != '#'* ]] || continue
    [[ "$line" =~ ^([A-Z][A-Z0-9_]*)=([^[:cntrl:]]*)$ ]] || die "$ENV_FILE, line $number: not KEY=VALUE"
    key="${BASH_REMATCH[1]}"
    if [[ "$known" == *" $key "* ]]; then
      printf -v "$key" '%s' "${BASH_REMATCH[2]}"
    else
      EXTRA_SETTINGS["$key"]="${BASH_REMATCH[2]}"
    fi
  done <"$ENV_FILE"
}
declare -gA EXTRA_SETTINGS=()

# complete_env: keys that files of earlier versions do not have.
complete_env() {
  GANYMEDE_REPLICAS="${GANYMEDE_REPLICAS:-1}"
  EDGE_MODE="${EDGE_MODE:-auto}"
  GATEWAY_POOL_MAX="${GATEWAY_POOL_MAX:-100}"
  GATEWAY_POOL_BUFFER="${GATEWAY_POOL_BUFFER:-1}"
}

valid_port() { [[ "$1" =~ ^[1-9][0-9]{0,4}$ ]] && (($1 < 65536)); }

validate_env() {
  local key
  for key in "${ENV_KEYS[@]}"; do
    [[ -n "${!key:-}" ]] || die "$ENV_FILE: $key is missing; run scripts/create-env.sh $ENV_NAME again to complete it"
  done
  valid_domain "$DOMAIN" || die "$ENV_FILE: DOMAIN=$DOMAIN is not a domain"
  valid_count "$GATEWAY_POOL_SIZE" || die "$ENV_FILE: GATEWAY_POOL_SIZE=$GATEWAY_POOL_SIZE is not a count"
  valid_count "$GATEWAY_POOL_MAX" || die "$ENV_FILE: GATEWAY_POOL_MAX=$GATEWAY_POOL_MAX is not a count"
  [[ "$GATEWAY_POOL_BUFFER" == 0 ]] || valid_count "$GATEWAY_POOL_BUFFER" ||
    die "$ENV_FILE: GATEWAY_POOL_BUFFER=$GATEWAY_POOL_BUFFER is not a count"
  [[ "$GANYMEDE_REPLICAS" =~ ^[1-9]$ ]] || die "$ENV_FILE: GANYMEDE_REPLICAS=$GANYMEDE_REPLICAS is not 1 to 9"
  for key in "${!EXTRA_SETTINGS[@]}"; do
    [[ "$key" != GANYMEDE_PORT_* ]] || valid_port "${EXTRA_SETTINGS[$key]}" || die "$ENV_FILE: $key=${EXTRA_SETTINGS[$key]} is not a port"
  done
  for key in GANYMEDE_PORT DATABASE_PORT PDNS_API_PORT DNS_PORT EDGE_HTTP_PORT EDGE_HTTPS_PORT; do
    valid_port "${!key}" || die "$ENV_FILE: $key=${!key} is not a port"
  done
}

# write_env_file: all of ENV_KEYS, and what somebody added by hand, in one atomic step.
write_env_file() {
  local scratch="$ENV_FILE.new" key
  (umask 077 && {
    printf '# Settings of the environment %s, read by the scripts and given to Ganymede as environment variables.\n' "$ENV_NAME"
    printf '# Written by create-env.sh, which keeps what is here; lines may be added and changed by hand.\n'
    for key in "${ENV_KEYS[@]}"; do
      printf '%s=%s\n' "$key" "${!key}"
    done
    for key in "${!EXTRA_SETTINGS[@]}"; do
      printf '%s=%s\n' "$key" "${EXTRA_SETTINGS[$key]}"
    done | sort
  } >"$scratch")
  mv -f -- "$scratch" "$ENV_FILE"
}

# export_env: the settings as environment variables, for Ganymede.
export_env() {
  local key
  export "${ENV_KEYS[@]?}"
  for key in "${!EXTRA_SETTINGS[@]}"; do
    export "$key=${EXTRA_SETTINGS[$key]}"
  done
}

ganymede_host() { printf 'ganymede.%s' "$DOMAIN"; }

# https_url <host>: with the port only where it is not the usual one.
https_url() {
  local port=''
  [[ "$EDGE_HTTPS_PORT" == 443 ]] || port=":$EDGE_HTTPS_PORT"
  printf 'https://%s%s' "$1" "$port"
}

# --- templates --------------------------------------------------------------------------------------------------------

# render_template <template> KEY=VALUE...: prints it with each @KEY@ replaced; none may stay unknown.
render_template() {
  local text pair
  text="$(<"$1")"
  shift
  for pair in "$@"; do
    text="${text//"@${pair%%=*}@"/"${pair#*=}"}"
  done
  [[ ! "$text" =~ @[A-Z_]+@ ]] || die "a template has an unknown placeholder: ${BASH_REMATCH[0]}"
  printf '%s\n' "$text"
}
