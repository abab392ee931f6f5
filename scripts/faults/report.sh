#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/all.sh"

usage() {
  cat <<'EOT'
usage: report.sh

Puts the figures of the last run of the fault suite (target/faults/figures.md), its date and its machine into
docs/reliability.md, in place of those that are there.
EOT
}

readonly FIGURES="$REPO_ROOT/target/faults/figures.md" PAGE="$REPO_ROOT/docs/reliability.md"

machine() {
  local gibibytes
  gibibytes="$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)"
  printf '%s processors, %s GiB of memory, %s' "$(nproc)" "$gibibytes" "$(. /etc/os-release && printf '%s' "$PRETTY_NAME")"
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  (($# == 0)) || die_usage "no arguments are taken"
  [[ -s "$FIGURES" ]] || die "there is no $FIGURES: run scripts/test.sh faults first"
  {
    sed '/^<!-- figures -->$/q' "$PAGE"
    printf '\nRun of %s on %s.\n\n' "$(date --date "@$(stat -c %Y "$FIGURES")" +%F)" "$(machine)"
    cat "$FIGURES"
    printf '\n'
    sed -n '/^<!-- end of figures -->$/,$p' "$PAGE"
  } >"$PAGE.new"
  mv -f -- "$PAGE.new" "$PAGE"
  ok "the figures are in $PAGE"
}

main "$@"
