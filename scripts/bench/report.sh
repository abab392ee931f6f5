#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"

usage() {
  cat <<'EOT'
usage: report.sh <subject>

Puts the figures of the last run of bench.sh <subject> (bench/results/<subject>.json and .md), its date and its machine into
docs/performance.md, in place of those that are there.
EOT
}

readonly RESULTS="$REPO_ROOT/bench/results" PAGE="$REPO_ROOT/docs/performance.md"

# described <subject>: of which run the figures are.
described() {
  jq --raw-output '"Run of \(.at), commit \(.commit), on \(.machine)."' "$RESULTS/$1.json"
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# == 1)) || die_usage "a subject is needed"
  local subject="$1"
  [[ -s "$RESULTS/$subject.json" && -s "$RESULTS/$subject.md" ]] || die "no results in $RESULTS: run scripts/bench.sh $subject first"
  grep -qx "<!-- figures: $subject -->" "$PAGE" || die "$PAGE has no place for $subject"
  {
    sed "/^<!-- figures: $subject -->\$/q" "$PAGE"
    printf '\n%s\n\n' "$(described "$subject")"
    cat "$RESULTS/$subject.md"
    printf '\n'
    sed -n "/^<!-- end of figures: $subject -->\$/,\$p" "$PAGE"
  } >"$PAGE.new"
  mv -f -- "$PAGE.new" "$PAGE"
  ok "the figures are in $PAGE"
}

main "$@"
