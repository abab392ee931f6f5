# shellcheck shell=bash
# What gateway-pool.sh says and understands: arguments, requests' bodies, and tables for people. Nothing here calls anybody.

# --- arguments --------------------------------------------------------------------------------------------------------

valid_gateway()  { [[ "$1" =~ ^gw-pool-(0|[1-9][0-9]{0,3})$ ]] || valid_uuid "$1"; }
valid_members()  { [[ "$1" =~ ^(0|[1-9][0-9]{0,3})$ ]]; }
valid_image()    { [[ "$1" =~ ^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}$ ]]; }

require_gateway() { valid_gateway "$1" || die_usage "not a gateway: '$1' (gw-pool-N, or its id)"; }
require_image()   { valid_image "$1" || die_usage "not an image: '$1'"; }

# resize_body [--buffer n] [--min n] [--max n]: the request's body; 1 and a word on stderr when that makes no sense.
resize_body() {
  local body='{}' key
  (($# > 0)) || { printf 'give at least one of --buffer, --min, --max\n' >&2; return 1; }
  while (($# > 0)); do
    case "$1" in
      --buffer | --min | --max) key="${1#--}" ;;
      *) printf "there is no option '%s'\n" "$1" >&2; return 1 ;;
    esac
    if ! valid_members "${2:-}"; then
      printf "not a number of members: %s '%s' (0 to 9999)\n" "$1" "${2:-}" >&2
      return 1
    fi
    body="$(jq --compact-output --arg key "$key" --argjson value "$2" '.[$key] = $value' <<<"$body")"
    shift 2
  done
  printf '%s\n' "$body"
}

# --- tables -----------------------------------------------------------------------------------------------------------
# Each reads an answer of the API on stdin. What an older Ganymede does not tell is left out.

render_pool_status() {
  jq --raw-output '
    "Gateway Pool Status:", "  Total: \(.totals.total)", "  Ready: \(.totals.ready)", "  Allocated: \(.totals.allocated)",
    (.totals | to_entries[] | select(.value > 0 and (.key | IN("total", "ready", "allocated") | not))
      | "  \(.key[0:1] | ascii_upcase)\(.key[1:]): \(.value)"),
    "  Desired: \(.desired)" + (if .buffer != null then " (buffer \(.buffer), min \(.min), max \(.max))" else "" end),
    (select((.queued // 0) > 0) | "  Waiting organizations: \(.queued)"),
    (select(.paused == true) | "  Paused" + (if .paused_reason then ": \(.paused_reason)" else "" end)),
    (select(.rollout.state == "RUNNING") | .rollout
      | "  Upgrade to \(.image): \(.upgraded) done, \(.remaining.ready + .remaining.allocated + .remaining.other) to go"),
    (select(.rollout.state == "STOPPED") | .rollout | "  Upgrade to \(.image): stopped (\(.reason // "no reason"))")'
}

render_pool_list() {
  jq --raw-output '.gateways[] | "  \(.name): \(.state)"
    + (if .organization_id then " to \(.organization_id)" else "" end) + " (HTTP:\(.http_port), VPN:\(.vpn_port))"
    + (if .cordoned then " cordoned" else "" end)
    + (if .recycle then " to be replaced" else "" end)
    + (if .reason then " \(.reason)" else "" end)
    + (if (.failures // 0) > 0 then " [failures: \(.failures)" + (if .retry_at then ", not before \(.retry_at)" else "" end) + "]"
       else "" end)'
}

render_rollout() {
  jq --raw-output '
    "Upgrade to \(.image): \(.state)" + (if .reason then " (\(.reason))" else "" end),
    "  Image id: \(.image_id)", "  Began: \(.began_at)", (select(.ended_at) | "  Ended: \(.ended_at)"),
    "  Upgraded: \(.upgraded)",
    "  Remaining: \(.remaining.ready) ready, \(.remaining.allocated) allocated, \(.remaining.other) other",
    (select(.waiting_for) | "  Waiting for: \(.waiting_for)")'
}

render_timeline() {
  jq --raw-output '
    def pad(width): . + " " * ([width - length, 0] | max);
    def took: if . == null then "-" else "\(. * 10 | round / 10) ms" end;
    "\(.status): \(.explanation)",
    (.tenancies[]
      | "", "generation \(.generation) on \(.gateway_name // .gateway_id): \(.state)"
          + (if .ended_reason then " (\(.ended_reason))" else "" end),
        "  started \(.started_at)" + (if .serving_at then ", serving after \(.start_duration_ms | took)" else ", never served" end)
          + (if .ended_at then ", ended \(.ended_at)" else "" end),
        (.stages[] | "  \(.stage | pad(12)) \(.at | pad(28)) \(.duration_ms | took | pad(12))"
          + (if .failure then "FAILED: \(.failure)" else "" end) | sub(" +$"; ""))),
    (select(.events | length > 0) | "", "without a gateway:",
      (.events[] | "  \(.stage | pad(12)) \(.at | pad(28)) \(.failure // "")" | sub(" +$"; "")))'
}
