#!/usr/bin/env bash
# Runs the gateway's tests inside its own image, on the sources of this directory.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: run-tests.sh [test file]...

Runs `node --test` in a container of gateway:latest (or $GATEWAY_IMAGE), read-only as a gateway runs, and even
without a network and NET_ADMIN. The sources and tests are those of this directory; the dependencies are the image's.
Build the image first: scripts/build-images.sh
USAGE
}

case "${1:-}" in
  -h | --help) usage; exit 0 ;;
esac

directory="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
image="${GATEWAY_IMAGE:-gateway:latest}"
files=("$@")
((${#files[@]})) || files=("test/*.test.js")

mounts=()
for part in src client demo test; do
  mounts+=(--volume "${directory}/${part}:/opt/gateway/${part}:ro")
done

# Two files at a time, on two cores as well: every test waits for processes that it has started. The time is that of a whole file.
exec docker run --rm --network none --read-only --tmpfs /run --tmpfs /tmp --tmpfs /logs \
  --cap-drop ALL --security-opt no-new-privileges --memory 2g --pids-limit 512 \
  --env NODE_ENV=test "${mounts[@]}" "${image}" \
  timeout --signal=KILL 600 node --test --test-concurrency=2 --test-reporter=spec --test-timeout=300000 "${files[@]}"
