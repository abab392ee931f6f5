#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: snapshots.sh list <org-uuid> [<before>]                   the newest 50 versions of its data, or those before one
       snapshots.sh show <org-uuid> <version>                    what a version is made of
       snapshots.sh diff <org-uuid> <from> <to>                  what changed, project by project
       snapshots.sh download <org-uuid> <version> <file>
       snapshots.sh restore <org-uuid> <version>                 makes it the newest again; a running gateway is replaced
       snapshots.sh clone <org-uuid> <version> <other-org-uuid>  copies its projects into an organization without data
       snapshots.sh quota <org-uuid> [<bytes>|default]           shows or sets how much it may store

A <version> is its number, or head: what the next gateway loads. A thin client of Ganymede's API. Nothing that it does loses
a version: a restore is a version of its own, and can be undone by another one. ENV_NAME chooses the environment (default dev-001).

Exit status: 0 done, 1 refused or failed, 2 wrong use.
EOT
}

snapshots_list() {
  api GET "/organizations/$1/snapshots?limit=50${2:+&before=$2}" | render_versions
}

snapshots_show() {
  api GET "/organizations/$1/snapshots/$2" | render_manifest
}

snapshots_diff() {
  api GET "/organizations/$1/snapshots/$3/diff?from=$2" | render_diff
}

snapshots_download() {
  api_download "/organizations/$1/snapshots/$2/data" "$3"
  say "✅ $(stat --format %s -- "$3") bytes in $3"
}

snapshots_restore() {
  api POST "/organizations/$1/snapshots/$2/restore" | render_restored
}

snapshots_clone() {
  api POST "/organizations/$1/snapshots/$2/clone" "{\"organization_id\": \"$3\"}" | render_cloned
}

snapshots_quota() {
  case "${2:-}" in
    '') api GET "/organizations/$1/quota" ;;
    default) api DELETE "/organizations/$1/quota" ;;
    *) api PUT "/organizations/$1/quota" "{\"bytes\": $2}" ;;
  esac | render_quota
}

main() {
  local action="${1:-}" arguments=("${@:2}")
  case "$action" in
    -h | --help | help) usage; return 0 ;;
    list) (($# == 2 || $# == 3)) || die_usage "of which organization?"; require_version "${3:-head}" ;;
    show | restore) (($# == 3)) || die_usage "which version of which organization?"; require_version "$3" ;;
    diff) (($# == 4)) || die_usage "from which version to which one?"; require_version "$3"; require_version "$4" ;;
    download) (($# == 4)) || die_usage "which version, and into which file?"; require_version "$3" ;;
    clone)
      (($# == 4)) || die_usage "which version, and for which organization?"
      require_version "$3"
      arguments[2]="${4,,}"
      require_uuid "${arguments[2]}"
      ;;
    quota)
      (($# == 2 || $# == 3)) || die_usage "of which organization?"
      [[ "${3:-default}" == default ]] || require_bytes "$3"
      ;;
    *) die_usage "there is no action '$action'" ;;
  esac
  arguments[0]="${arguments[0],,}"
  require_uuid "${arguments[0]}"
  local env="${ENV_NAME:-dev-001}"
  require_env_name "$env"
  require_root "$@"
  load_env "$env"
  "snapshots_$action" "${arguments[@]}"
}

main "$@"
