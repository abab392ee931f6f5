#!/usr/bin/env bash
# configurable-http-proxy (npm), one process, routes by host name. run.sh <directory> <port> <admin port>
set -euo pipefail
readonly VERSION=4.6.2 DIRECTORY="$1" PORT="$2" ADMIN_PORT="$3"
readonly PROGRAM="$DIRECTORY/node_modules/.bin/configurable-http-proxy"
[[ -x "$PROGRAM" ]] || npm install --prefix "$DIRECTORY" --no-audit --no-fund "configurable-http-proxy@$VERSION"
export CONFIGPROXY_AUTH_TOKEN=bench
exec "$PROGRAM" --ip 127.0.0.1 --port "$PORT" --api-ip 127.0.0.1 --api-port "$ADMIN_PORT" --host-routing --log-level error
