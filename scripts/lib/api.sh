# shellcheck shell=bash
# Ganymede's API, called as the operator. Needs common.sh and a loaded environment.

# api_url: of a replica that runs.
api_url() { replica_url "$(running_replica)"; }

# call_api <method> <path> [json]: sets API_STATUS (000 when nothing answered) and API_BODY; never fails by itself.
# The key is passed through a file descriptor: arguments can be read by every process of the machine.
call_api() {
  local method="$1" path="$2" body="${3:-}" answer
  local options=(--silent --show-error --max-time "${API_TIMEOUT_SECONDS:-60}" --request "$method" --write-out '\n%{http_code}')
  if [[ -n "$body" ]]; then
    options+=(-H 'Content-Type: application/json' --data-binary "$body")
  fi
  answer="$(curl "${options[@]}" -H @<(printf 'X-API-Key: %s\n' "$GANYMEDE_API_KEY") "$(api_url)$path" 2>&1)" || true
  API_STATUS="${answer##*$'\n'}"
  API_BODY="${answer%$'\n'*}"
}

api_succeeded() { [[ "$API_STATUS" == 2?? ]]; }

# describe_api_error: one line for people, out of an application/problem+json answer.
describe_api_error() {
  if [[ "$API_STATUS" == 000 ]]; then
    local words
    read -rd '' -a words <<<"$API_BODY" || true
    printf 'Ganymede does not answer at %s (%s)' "$(api_url)" "${words[*]}"
    return 0
  fi
  jq --raw-output --arg status "$API_STATUS" \
    '"\(.title // "no title")\(if .detail then ": " + .detail else "" end) (\($status)\(if .type then ", " + .type else "" end))"' \
    <<<"$API_BODY" 2>/dev/null || printf 'unexpected answer, status %s: %.300s' "$API_STATUS" "$API_BODY"
}

# api <method> <path> [json]: prints the answer's body, or ends with the problem that Ganymede reports.
api() {
  call_api "$@"
  if ! api_succeeded; then
    die "$1 $2: $(describe_api_error)"
  fi
  printf '%s\n' "$API_BODY"
}

# api_ensure <method> <path> <json>: as api, silently, and content with 409: it exists already.
api_ensure() {
  call_api "$@"
  if ! api_succeeded && [[ "$API_STATUS" != 409 ]]; then
    die "$1 $2: $(describe_api_error)"
  fi
}

# api_download <path> <file>: writes the answer's body to the file, all of it or nothing; what is cut off is a failure.
api_download() {
  local part
  part="$(mktemp -- "$2.XXXXXX")"
  if ! API_STATUS="$(curl --silent --show-error --max-time "${API_TIMEOUT_SECONDS:-300}" --output "$part" --write-out '%{http_code}' \
    -H @<(printf 'X-API-Key: %s\n' "$GANYMEDE_API_KEY") "$(api_url)$1")"; then
    rm -f -- "$part"
    die "GET $1: the answer was cut off"
  fi
  if ! api_succeeded; then
    API_BODY="$(head --bytes 4096 -- "$part")"
    rm -f -- "$part"
    die "GET $1: $(describe_api_error)"
  fi
  mv -- "$part" "$2"
}

pool_gateways_tsv() {
  jq --raw-output '.gateways[] | [.name, .state, (.http_port|tostring), (.vpn_port|tostring), (.organization_id // "-"), (.reason // "-")] | @tsv'
}
