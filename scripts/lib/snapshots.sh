# shellcheck shell=bash
# What snapshots.sh says and understands: arguments, and tables for people. Nothing here calls anybody.

valid_version() { [[ "$1" == head || "$1" =~ ^[1-9][0-9]{0,17}$ ]]; }
valid_bytes()   { [[ "$1" =~ ^[1-9][0-9]{0,15}$ ]]; }

require_version() { valid_version "$1" || die_usage "not a version: '$1' (its number, or head)"; }
require_bytes()   { valid_bytes "$1" || die_usage "not a number of bytes: '$1'"; }

# Each reads an answer of the API on stdin.

render_versions() {
  jq --raw-output '.snapshots[]
    | "  \(.version): \(.stored_at) \(.kind) \(.size_bytes) bytes, \(.projects) projects, lineage \(.lineage)"
    + (if .source_version then " from version \(.source_version)" else "" end)
    + (if .head then " HEAD" else "" end) + (if .damaged then " DAMAGED" else "" end)'
}

render_manifest() {
  jq --raw-output '
    def mark: if .damaged then " DAMAGED" else "" end;
    "Version \(.snapshot.version) (\(.snapshot.kind)), stored \(.snapshot.stored_at)"
      + (if .snapshot.head then ", the head" else "" end),
    (.projects[] | "  \(.project_id) \(.size_bytes) bytes, changed \(.changed_at) \(.name // "(deleted)")" + mark),
    (select(.gateway_state) | .gateway_state | "  gateway_state \(.size_bytes) bytes, changed \(.changed_at)" + mark)'
}

render_diff() {
  jq --raw-output '
    def line: "  \(.change) \(.project_id // "gateway_state") \(.from.size_bytes // 0) -> \(.to.size_bytes // 0) bytes"
      + (if .to then ", changed \(.to.changed_at)" else "" end) + (if .name then " \(.name)" else "" end);
    "From version \(.from.version) to \(.to.version):",
    (.projects[], (.gateway_state // empty) | select(.change != "same") | line),
    "  same: \([.projects[] | select(.change == "same")] | length) projects"'
}

render_restored() {
  jq --raw-output '"✅ Version \(.source_version) is the newest again, as version \(.version)",
    if .gateway then "   Gateway \(.gateway) is replaced; the next one loads it"
    else "   The next gateway loads it" end'
}

render_cloned() {
  jq --raw-output '"✅ \(.projects | length) projects are in organization \(.organization_id)",
    (.projects[] | "  \(.source_project_id) -> \(.project_id) \(.name)")'
}

render_quota() {
  jq --raw-output '"Quota: \(.bytes) bytes" + (if .own then " (its own)" else " (as configured)" end), "Used:  \(.used_bytes) bytes"'
}
