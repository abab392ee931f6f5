#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: quickstart.sh

From a bare Debian 12 to an organization whose document is being edited over wss: installs, builds, starts an environment,
gives a demo organization a gateway, edits a document with two clients, stops the gateway, starts it on another member of
the pool, and finds the edit. Running it again takes it from what is there already.

  ENV_NAME  the environment (default dev-001)
  DOMAIN    its domain (default domain.local)
EOT
}

# --- the demonstration ------------------------------------------------------------------------------------------------

open_project() {
  local opened
  opened="$(api POST "/projects/$DEMO_PROJECT/start" "{\"user_id\": \"$DEMO_ADA\"}")"
  [[ "$(jq --raw-output .gateway.gateway_hostname <<<"$opened")" == "org-$DEMO_ORGANIZATION.$DOMAIN" ]] ||
    die "unexpected answer to the project's start: $opened"
}

# serving: sets MEMBER and WEBSOCKET_URL of the organization's live gateway.
serving() {
  local started
  started="$(start_gateway "$DEMO_ADA")"
  MEMBER="$(pool_member "$(jq --raw-output .gateway_id <<<"$started")")"
  WEBSOCKET_URL="$(jq --raw-output .websocket_url <<<"$started")"
  [[ -n "$MEMBER" ]] || die "the pool does not know the gateway that serves the organization"
}

show_dns() {
  local name="org-$DEMO_ORGANIZATION.$DOMAIN" answer
  answer="$(dig +noall +answer +time=3 +tries=2 -p "$DNS_PORT" "@$HOST_ADDRESS" "$name" A "anything.$name" A)"
  [[ "$answer" == *"$HOST_ADDRESS"* ]] || die "PowerDNS at $HOST_ADDRESS port $DNS_PORT does not know $name"
  say "dig @$HOST_ADDRESS -p $DNS_PORT $name"
  answer="$(tr -s '\t ' ' ' <<<"$answer")"
  say "  ${answer//$'\n'/$'\n'"$LOG_INDENT  "}"
}

edit_document() {
  local edited
  EDIT="Written by Ada and Grace at $(date --iso-8601=seconds)"
  edited="$(demo_edit "$EDIT")"
  say "two clients over $WEBSOCKET_URL (resolved to $(jq --raw-output '.resolved_address // "?"' <<<"$edited"))"
  say "what both see now (its end):"
  show_end "$(jq --raw-output .text <<<"$edited")"
}

leave_and_return() {
  local before="$MEMBER"
  api POST "/organizations/$DEMO_ORGANIZATION/stop" >/dev/null
  say "$before has pushed the document and left"
  serving
  if [[ "$MEMBER" == "$before" ]] && ((GATEWAY_POOL_SIZE > 1)); then
    die "the organization is on $MEMBER again, though there are $GATEWAY_POOL_SIZE gateways"
  fi
  say "$MEMBER has taken over"
}

find_edit() {
  local found
  found="$(demo_read)"
  [[ "$found" == *"$EDIT"* ]] || die "the edit is lost: expected '$EDIT', found '$found'"
  say "found on $MEMBER (the document's end):"
  show_end "$found"
}

# The document grows with every run.
show_end() { tail -n 2 <<<"$1" | while IFS= read -r line; do say "  $line"; done; }

# ----------------------------------------------------------------------------------------------------------------------

summary() {
  local url port_note='' read_key='sed' pool="ENV_NAME=$ENV_NAME scripts/gateway-pool.sh"
  url="$(https_url "$(ganymede_host)")"
  [[ "$DNS_PORT" == 53 ]] || port_note=" port $DNS_PORT"
  # Only root can read the settings.
  [[ -z "${SUDO_USER:-}" ]] || read_key='sudo sed'
  cat <<EOT

${BOLD}Up and running${PLAIN} (in $(seconds_since "$QUICKSTART_STARTED_MS"))

  Frontend      $(https_url "$DOMAIN")
  API           $url          described at $url/q/openapi
  Documents     $WEBSOCKET_URL

${BOLD}Look around${PLAIN}
  scripts/envctl.sh status $ENV_NAME
  scripts/envctl.sh logs $ENV_NAME ganymede -f
  $pool list

${BOLD}Call the API${PLAIN}
  key=\$($read_key -n 's/^GANYMEDE_API_KEY=//p' $ENV_FILE)
  curl -H "X-API-Key: \$key" $(api_url)/gateway/pool
  curl --cacert $CERTIFICATE_DIR/rootCA.pem --resolve $(ganymede_host):$EDGE_HTTPS_PORT:$HOST_ADDRESS \\
    -H "X-API-Key: \$key" $url/gateway/pool

${BOLD}From a browser on this machine${PLAIN}
  have names below $DOMAIN asked of $HOST_ADDRESS$port_note (resolvectl, dnsmasq, or the network's settings)
  import $CERTIFICATE_DIR/rootCA.pem as an authority; its key never leaves this machine
  from another machine: HOST_ADDRESS=<an address of this one> scripts/create-env.sh $ENV_NAME, then restart

${BOLD}Clean up${PLAIN}
  scripts/envctl.sh stop $ENV_NAME        scripts/envctl.sh destroy $ENV_NAME
EOT
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# == 0)) || die_usage "no arguments are taken; set ENV_NAME and DOMAIN"
  local env="${ENV_NAME:-dev-001}" domain="${DOMAIN:-}"
  require_env_name "$env"
  [[ -z "$domain" ]] || require_domain "$domain"
  require_root "$@"
  QUICKSTART_STARTED_MS="$(now_ms)"

  steps 9
  step "Ready this machine"
  run_script setup-all.sh
  step "Make the environment $env"
  run_script create-env.sh "$env" "$domain"
  step "Start it"
  run_script envctl.sh start "$env"

  load_env "$env"
  load_demo
  step "A demo organization: two members, one project"
  ensure_demo
  say "organization $DEMO_ORGANIZATION, project $DEMO_PROJECT"
  step "Open the project: the organization gets a gateway from the pool"
  open_project
  serving
  say "$MEMBER serves $WEBSOCKET_URL"
  step "Its name, asked of PowerDNS"
  show_dns
  step "Two clients edit a document through the edge"
  edit_document
  step "Stop the gateway, start again on another one"
  leave_and_return
  step "Find the edit"
  find_edit
  step_done
  summary
}

main "$@"
