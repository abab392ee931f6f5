#!/usr/bin/env bash
# Caddy with nothing but its admin interface, which is given the rest. run.sh <directory> <port> <admin port>
set -euo pipefail
readonly DIRECTORY="$1" ADMIN_PORT="$3"
export XDG_CONFIG_HOME="$DIRECTORY/config" XDG_DATA_HOME="$DIRECTORY/data"
printf '{"admin": {"listen": "127.0.0.1:%s"}, "logging": {"logs": {"default": {"level": "ERROR"}}}}\n' "$ADMIN_PORT" \
  >"$DIRECTORY/caddy.json"
exec caddy run --config "$DIRECTORY/caddy.json"
