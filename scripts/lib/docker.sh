# shellcheck shell=bash
# The Docker engine, and what an environment owns in it: everything carries the label dev.ganymede.environment=<env>.
# Needs common.sh and process.sh.

readonly ENVIRONMENT_LABEL=dev.ganymede.environment
readonly DOCKERD_PID_FILE="$SYSTEM_RUN_DIR/dockerd.pid"
readonly DOCKERD_LOG="$SYSTEM_LOG_DIR/dockerd.log"

docker_answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# ensure_docker: an engine that answers; started in the background where nothing else (systemd) would start one.
ensure_docker() {
  if docker_answers; then
    say "Docker engine $(docker version --format '{{.Server.Version}}') answers"
  else
    mkdir -p "$SYSTEM_RUN_DIR" "$SYSTEM_LOG_DIR"
    start_docker
    say "Docker engine $(docker version --format '{{.Server.Version}}') started"
  fi
  [[ -c /dev/net/tun ]] || warn "/dev/net/tun is missing: gateways cannot open their VPN (modprobe tun)"
}

start_docker() {
  if [[ -d /run/systemd/system ]]; then
    systemctl start docker || true
    wait_for 60 docker_answers || die "docker.service does not answer: journalctl -u docker"
    return 0
  fi
  if ! is_running "$DOCKERD_PID_FILE"; then
    forget_killed_docker
    # What is said about a failure must be about this start.
    if [[ -e "$DOCKERD_LOG" ]]; then mv -f -- "$DOCKERD_LOG" "$DOCKERD_LOG.1"; fi
    start_process "$DOCKERD_PID_FILE" "$DOCKERD_LOG" dockerd
  fi
  wait_for 60 docker_answers_or_ended || true
  docker_answers || explain_docker_failure
}

# An engine that was killed leaves pid files, its own and its containerd's, and waits for what they name: a process that has
# ended, or somebody else's. (The command line of a zombie is empty.)
forget_killed_docker() {
  local file name pid
  for file in /var/run/docker.pid /var/run/docker/containerd/containerd.pid; do
    name=containerd
    [[ "$file" != */docker.pid ]] || name=dockerd
    pid="$(cat "$file" 2>/dev/null)" || continue
    if ! grep -qs "$name" "/proc/$pid/cmdline"; then rm -f -- "$file"; fi
  done
}
docker_answers_or_ended() { docker_answers || not_running "$DOCKERD_PID_FILE"; }

explain_docker_failure() {
  local last_words
  last_lines "$DOCKERD_LOG" 15
  last_words="$(tail -n 30 "$DOCKERD_LOG" | grep -vE 'level=(debug|info|warning)' || true)"
  if grep -qiE 'iptables|nf_tables|nat chain' <<<"$last_words"; then
    fail "the engine cannot use iptables: this machine's kernel lacks netfilter, or we have no right to it (a container needs --privileged)"
  fi
  if grep -qiE 'overlay|graphdriver|storage-driver' <<<"$last_words"; then
    fail "the engine cannot use its overlay file system: /var/lib/docker has to lie on a real disk (ext4, xfs), not on another overlay"
  fi
  die "the Docker engine does not start; its log is $DOCKERD_LOG"
}

# stop_docker: only the engine that start_docker started.
stop_docker() { stop_process "$DOCKERD_PID_FILE" "Docker engine" 60; }

# ensure_network <env> <network>: containers on it reach the host, and not each other.
ensure_network() {
  docker network inspect "$2" >/dev/null 2>&1 ||
    docker network create --driver bridge --opt com.docker.network.bridge.enable_icc=false \
      --label "$ENVIRONMENT_LABEL=$1" "$2" >/dev/null
}

network_gateway() { docker network inspect --format '{{(index .IPAM.Config 0).Gateway}}' "$1"; }

# ensure_workspace_volume <env> <volume> <path>: a named volume that is that directory of the host.
ensure_workspace_volume() {
  local device
  device="$(docker volume inspect --format '{{.Options.device}}' "$2" 2>/dev/null || true)"
  if [[ -n "$device" && "$device" != "$3" ]]; then
    die "the volume $2 is $device, not $3; destroy the environment first to move its workspace"
  fi
  [[ -n "$device" ]] || docker volume create --driver local --opt type=none --opt o=bind --opt "device=$3" \
    --label "$ENVIRONMENT_LABEL=$1" "$2" >/dev/null
}

# env_containers <env> [docker ps options]: the ids of its containers, running ones only unless -a is given.
env_containers() {
  local env="$1"
  shift
  docker ps --quiet --no-trunc --filter "label=$ENVIRONMENT_LABEL=$env" "$@"
}

# stop_containers <ids>: all at once. Docker's grace is longer than what a gateway allows itself (30 s), so that the last
# thing it does is not cut. One that ends by itself in the meantime is what we want, and no error.
stop_containers() { docker stop --time 35 "$@" >/dev/null 2>&1 || true; }

stop_env_containers() {
  local containers
  mapfile -t containers < <(env_containers "$1")
  ((${#containers[@]} == 0)) || stop_containers "${containers[@]}"
}

# remove_env_containers <env>: repeated, since the engine refuses one that it is removing already (Ganymede's last request).
remove_env_containers() {
  local refusal=''
  wait_for 30 all_containers_removed "$1" || die "containers of $1 cannot be removed: $refusal"
}

all_containers_removed() {
  local containers
  mapfile -t containers < <(env_containers "$1" --all)
  ((${#containers[@]} == 0)) && return 0
  refusal="$(docker rm --force --volumes "${containers[@]}" 2>&1 >/dev/null)" || true
  return 1
}

# remove_env_objects <env>: containers, networks and volumes that carry the environment's label.
remove_env_objects() {
  local names
  remove_env_containers "$1"
  mapfile -t names < <(docker network ls --quiet --filter "label=$ENVIRONMENT_LABEL=$1")
  ((${#names[@]} == 0)) || docker network rm "${names[@]}" >/dev/null
  mapfile -t names < <(docker volume ls --quiet --filter "label=$ENVIRONMENT_LABEL=$1")
  ((${#names[@]} == 0)) || docker volume rm "${names[@]}" >/dev/null
}
