# shellcheck shell=bash
# An organization to look at, and two people who edit a document of it from outside: over DNS, TLS and WebSocket, as a
# browser would. Needs a loaded environment and api.sh.

demo_file() { printf '%s/demo.env' "$ENV_DIR"; }

# load_demo: sets DEMO_ORGANIZATION, DEMO_PROJECT, DEMO_ADA, DEMO_GRACE; the same ones on every run.
load_demo() {
  local key value
  if [[ ! -s "$(demo_file)" ]]; then
    for key in DEMO_ORGANIZATION DEMO_PROJECT DEMO_ADA DEMO_GRACE; do
      printf '%s=%s\n' "$key" "$(</proc/sys/kernel/random/uuid)"
    done >"$(demo_file).new"
    mv -f -- "$(demo_file).new" "$(demo_file)"
  fi
  while IFS='=' read -r key value; do
    if ! { [[ "$key" =~ ^DEMO_(ORGANIZATION|PROJECT|ADA|GRACE)$ ]] && valid_uuid "$value"; }; then
      die "$(demo_file) is damaged: remove it"
    fi
    printf -v "$key" '%s' "$value"
  done <"$(demo_file)"
}

ensure_demo() {
  api_ensure POST /organizations "{\"id\": \"$DEMO_ORGANIZATION\", \"name\": \"Demo organization\"}"
  api_ensure POST "/organizations/$DEMO_ORGANIZATION/members" "{\"user_id\": \"$DEMO_ADA\", \"name\": \"Ada\", \"role\": \"owner\"}"
  api_ensure POST "/organizations/$DEMO_ORGANIZATION/members" "{\"user_id\": \"$DEMO_GRACE\", \"name\": \"Grace\", \"role\": \"editor\"}"
  api_ensure POST "/organizations/$DEMO_ORGANIZATION/projects" "{\"id\": \"$DEMO_PROJECT\", \"name\": \"Demo project\"}"
}

# start_gateway <user>: prints the answer of /gateway/start for that member of the demo organization.
start_gateway() {
  api POST /gateway/start "{\"organization_id\": \"$DEMO_ORGANIZATION\", \"user_id\": \"$1\"}"
}

# pool_member <gateway id>: its name in the pool.
pool_member() {
  api GET /gateway/pool | jq --raw-output --arg id "$1" '.gateways[] | select(.gateway_id == $id) | .name'
}

# demo_edit <text>: both members edit the document at the same time; prints the client's line of JSON ({ok, text, ...}).
demo_edit() {
  local output
  output="$(TEXT="$1" demo_client edit)" || return 1
  jq --exit-status '.ok == true' <<<"$output" >/dev/null || die "the clients did not agree: $output"
  printf '%s\n' "$output"
}

# demo_read: prints the document as one member finds it.
demo_read() { demo_client read; }

# demo_client edit|read: with tokens of the live allocation, in a container of the gateway's image. They reach it through
# its environment, by name: no process list shows them.
demo_client() {
  local ada grace
  ada="$(start_gateway "$DEMO_ADA")"
  grace="$(start_gateway "$DEMO_GRACE")"
  WEBSOCKET_URL="$(jq --raw-output .websocket_url <<<"$ada")" \
    ACCESS_TOKEN_A="$(jq --raw-output .access_token <<<"$ada")" \
    ACCESS_TOKEN_B="$(jq --raw-output .access_token <<<"$grace")" \
    PROJECT_ID="$DEMO_PROJECT" CA_PEM="$(<"$CERTIFICATE_DIR/rootCA.pem")" DNS_SERVER="$HOST_ADDRESS:$DNS_PORT" TEXT="${TEXT:-}" \
    timeout --kill-after=5 90 docker run --rm --network host --read-only --cap-drop ALL --security-opt no-new-privileges \
    --env WEBSOCKET_URL --env ACCESS_TOKEN_A --env ACCESS_TOKEN_B --env PROJECT_ID --env CA_PEM --env DNS_SERVER --env TEXT \
    "$GATEWAY_IMAGE" node /opt/gateway/demo/edit.mjs "$1" </dev/null 2>"$ENV_DIR/logs/demo.log" || {
    last_lines "$ENV_DIR/logs/demo.log"
    die "the demo clients could not $1 the document"
  }
}
