#!/usr/bin/env bash
# Builds the images that Ganymede starts: dev-pod (base) and gateway.
set -euo pipefail

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=scripts/lib/images.sh
source "${repository}/scripts/lib/images.sh"

usage() {
  cat <<'USAGE'
Usage: build-images.sh [--force]

Builds dev-pod:latest and gateway:latest from docker-images/. The base, debian:bookworm-slim, is pulled when a
registry can be reached and otherwise made from Debian's packages (mmdebstrap). Nothing is built again while
its files are unchanged.

  --force    build even what is unchanged (Docker's own cache still helps)
  -h, --help show this help
USAGE
}

force=""
case "${1:-}" in
  "") ;;
  --force) force="yes" ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

command -v docker >/dev/null || { echo "error: docker is not installed" >&2; exit 1; }
docker info >/dev/null 2>&1 || { echo "error: no Docker engine answers; start dockerd first" >&2; exit 1; }
# The classic builder is enough for these files and needs no plug-in.
export DOCKER_BUILDKIT=0

ensure_base() {
  if images_exists "${IMAGES_BASE}"; then
    images_say "${IMAGES_BASE}: present"
  elif images_pull_base; then
    images_say "${IMAGES_BASE}: pulled"
  else
    images_say "${IMAGES_BASE}: no registry answers, made from packages (about 30 s)"
    images_bootstrap_base
    images_say "${IMAGES_BASE}: made"
  fi
}

# build_unless_current <name> <tag of what is below>...: brings <name>:latest up to date. The stage with the build
# tools is kept as <name>:build: dev-pod's is what gateway's begins with, and both are Docker's cache.
build_unless_current() {
  local name="$1" directory="${repository}/docker-images/$1" content image below=()
  shift
  for image in "$@"; do below+=("$(images_id "${image}")"); done
  content="$(images_content "${directory}" "${below[@]}")"
  if [[ -z "${force}" && "$(images_label "${name}:latest")" == "${content}" ]] && images_exists "${name}:build"; then
    images_say "${name}:latest: unchanged"
    return
  fi
  images_say "${name}:build: building"
  images_build "${name}:build" "${directory}" --target build
  images_say "${name}:latest: building"
  images_build "${name}:latest" "${directory}" --label "${IMAGES_LABEL}=${content}"
  images_say "${name}:latest: built, $(images_size "${name}:latest")"
}

ensure_base
build_unless_current dev-pod "${IMAGES_BASE}"
build_unless_current gateway dev-pod:build dev-pod:latest
