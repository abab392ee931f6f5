#!/usr/bin/env bash
# What has to be refused is refused, clearly, and breaks nothing.
set -euo pipefail
# shellcheck source=scripts/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly PROBLEM='^application/problem\+json'

# expect_problem <fact> <status>
expect_problem() {
  expect "$1: $2" "$STATUS" "$2"
  expect_match "$1: problem+json" "$TYPE" "$PROBLEM"
}

refuses_callers_without_key() {
  request "$(api_url)/gateway/pool"
  expect_problem "no API key" 401
  request -H 'X-API-Key: wrong' "$(api_url)/gateway/pool"
  expect_problem "a wrong API key" 401
  at_edge "$(ganymede_host)" "$(https_url "$(ganymede_host)")/organizations"
  expect_problem "no API key, through the edge" 401
  request -X POST -H 'Content-Type: application/json' -d '{"tmp_handshake_token": "guess"}' "$(api_url)/gateway/config"
  expect_problem "a guessed handshake token" 401
}

refuses_ids_that_are_none() {
  local id
  for id in '../../etc' 'a;reload' '' "$DEMO_ORGANIZATION/../x" '11111111-1111-1111-1111-11111111111g'; do
    request -X POST -H @<(with_key) -H 'Content-Type: application/json' -d "{\"organization_id\": \"$id\"}" "$(api_url)/gateway/start"
    expect_problem "organization_id '$id'" 400
  done
  for id in 'a%3Breload' '%2e%2e%2f%2e%2e%2fetc'; do
    request -X POST --path-as-is -H @<(with_key) "$(api_url)/organizations/$id/stop"
    expect_match "organization '$id' in the path: 400 or 404" "$STATUS" '^40[04]$'
  done
  expect "no file of the edge carries such a name" "$(find "$EDGE_DIR" -name '*reload*' -o -name '*etc*' | wc -l)" 0
}

refuses_broken_bodies() {
  request -X POST -H @<(with_key) -H 'Content-Type: application/json' -d '{"organization_id": "' "$(api_url)/gateway/start"
  expect_problem "a body that is not JSON" 400
  # Says 4,096 bytes, sends a few, and hangs up.
  {
    exec {connection}<>"/dev/tcp/$GANYMEDE_LISTEN_ADDRESS/$GANYMEDE_PORT"
    printf 'POST /organizations HTTP/1.1\r\nHost: x\r\nX-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n{"name": "cut' \
      "$GANYMEDE_API_KEY" >&"$connection"
    exec {connection}>&-
  } 2>/dev/null
  expect "a body cut in the middle makes no organization" \
    "$(api GET /organizations | jq '[.. | objects | select(.name? // "" | startswith("cut"))] | length')" 0
}

refuses_websockets_without_token() {
  local host="org-$DEMO_ORGANIZATION.$DOMAIN" suffix
  start_gateway "$DEMO_ADA" >/dev/null
  for suffix in '' '?access_token=' '?access_token=eyJhbGciOiJub25lIn0.e30.'; do
    at_edge "$host" --http1.1 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \
      -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' "$(https_url "$host")/collab$suffix"
    expect "WebSocket upgrade at /collab$suffix" "$STATUS" 401
  done
}

keeps_long_names() {
  local id name
  id="$(</proc/sys/kernel/random/uuid)"
  name="$(printf '組織🪐é%.0s' {1..50})"
  api POST /organizations "$(jq --null-input --arg id "$id" --arg name "$name" '{$id, $name}')" >/dev/null
  expect "an organization's name of 200 Unicode characters comes back as it was" \
    "$(api GET "/organizations/$id" | jq --raw-output .name)" "$name"
  api DELETE "/organizations/$id" >/dev/null
}

serves_frontend() {
  at_edge "$DOMAIN" "$(https_url "$DOMAIN")/"
  expect "the frontend is served at the apex" "$STATUS" 200
}

open_env "$@"
refuses_callers_without_key
refuses_ids_that_are_none
refuses_broken_bodies
refuses_websockets_without_token
keeps_long_names
serves_frontend
expect "Ganymede is well after all this" "$(ganymede_is_ready 1 && echo ready)" ready
checks_done
