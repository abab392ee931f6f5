#!/usr/bin/env bash
# start.sh <org-uuid> <handshake token>: what the seed's POST /gateway/start does ("Phase 7"), in its order: allocate, a server
# block of the organization's own, nginx -t, reload, handshake. Its settings are environment variables, as of gateway-pool.sh.
set -euo pipefail

organization="$1" token="$2"
here="$(dirname "$0")"
info="$("$here/gateway-pool.sh" allocate "$organization" | tail -n 1)"
http_port="$(cut -d'|' -f2 <<<"$info")"
"$here/block.sh" "$http_port" "$organization"
nginx -p "${NGINX_DIR:?}/" -c "$NGINX_DIR/nginx.conf" -t -q
nginx -p "$NGINX_DIR/" -c "$NGINX_DIR/nginx.conf" -s reload
curl --silent --fail --output /dev/null --header 'Content-Type: application/json' \
  --data "{\"tmp_handshake_token\": \"$token\"}" "http://${NODE_ADDRESS:?}:$http_port/collab/start"
