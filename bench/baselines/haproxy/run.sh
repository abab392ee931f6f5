#!/usr/bin/env bash
# HAProxy with a map, name to port, that its runtime interface changes. run.sh <directory> <port> <admin port>
set -euo pipefail
readonly DIRECTORY="$1" PORT="$2" ADMIN_PORT="$3"
cat >"$DIRECTORY/haproxy.cfg" <<EOT
global
    maxconn 4096
    stats socket $DIRECTORY/admin.sock mode 600 level admin
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout tunnel 1h
frontend visitors
    bind 127.0.0.1:$PORT
    default_backend gateways
# somewhere to see that it has started
frontend ready
    bind 127.0.0.1:$ADMIN_PORT
    http-request return status 200
backend gateways
    http-request set-var(txn.port) req.hdr(host),lower,map_str_int($DIRECTORY/routes.map,0)
    http-request set-dst str(127.0.0.1)
    http-request set-dst-port var(txn.port)
    server gateway 0.0.0.0:0
EOT
exec haproxy -db -f "$DIRECTORY/haproxy.cfg"
