#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"
# shellcheck source=scripts/bench/alone.sh
source "$SCRIPTS_DIR/bench/alone.sh"

usage() {
  cat <<'EOT'
usage: bench.sh <subject> [--quick] [--results <directory>]

Measures Ganymede on this machine, beside the simplest way to do the same; installs what is missing, and ends and removes
whatever it started. A missed target is printed as one; it is no failure.

  snapshots   push and pull of snapshots, against one JSONB upsert, one file and one bytea upsert, on one PostgreSQL;
              200 organizations that save all the time
  dns         a burst of organizations published, against one PATCH for each; one change in zones of 0 to 20,000 records
  start       from a start to the first answer by the organization's name, with 10 and with 10,000 organizations served by
              simulated gateways; bursts, starts and stops all the time, memory, idle, restart
  routes      a change of one route among 10, 1,000 and 10,000 until visitors see it, and what becomes of open WebSockets,
              on the edge in both modes, against configurable-http-proxy, Caddy's admin API and HAProxy's runtime map

options
  --quick                 tiny sizes and few rounds, to see that it works; its figures mean nothing
  --results <directory>   where <subject>.json and <subject>.md go (default: bench/results)

scripts/bench/report.sh puts the figures of the last run into docs/performance.md.
EOT
}

readonly BENCH_CLASSES="$REPO_ROOT/src/test/java/dev/ganymede/bench" SUBJECTS="$SCRIPTS_DIR/bench/subject"
SUBJECT='' PLAN=FULL RESULTS="$REPO_ROOT/bench/results"

parse_arguments() {
  while (($# > 0)); do
    case "$1" in
      --quick) PLAN=QUICK ;;
      --results)
        (($# > 1)) || die_usage "--results needs a directory"
        RESULTS="$2"
        shift
        ;;
      -*) die_usage "unknown option: $1" ;;
      *)
        [[ -z "$SUBJECT" ]] || die_usage "one subject at a time"
        SUBJECT="$1"
        ;;
    esac
    shift
  done
  [[ "$SUBJECT" =~ ^[a-z]+$ && -r "$SUBJECTS/$SUBJECT.sh" ]] || die_usage "there is no subject '$SUBJECT'"
}

git_commit() { git -C "$REPO_ROOT" describe --always --dirty 2>/dev/null || printf 'unknown'; }

machine() {
  local processor gibibytes
  processor="$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
  gibibytes="$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)"
  printf '%s × %s, %s GiB of memory, %s, PostgreSQL %s, Java %s' "$(nproc)" "${processor:-processor}" "$gibibytes" \
    "$(. /etc/os-release && printf '%s' "$PRETTY_NAME")" "$(cat "$DATABASE_DIR/PG_VERSION" 2>/dev/null || printf -- '-')" \
    "$(java -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')"
}

clean_up() {
  trap '' INT TERM
  remove_alone
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  parse_arguments "$@"
  # shellcheck source=scripts/bench/subject/snapshots.sh
  source "$SUBJECTS/$SUBJECT.sh"
  require_root "$@"
  mkdir -p -- "$RESULTS"
  RESULTS="$(cd -- "$RESULTS" && pwd -P)"
  trap 'exit 130' INT TERM
  trap clean_up EXIT
  remove_left_over

  steps 5
  step "Debian packages"
  install_packages "${BUILD_PACKAGES[@]}" "${RUN_PACKAGES[@]}"
  step "Ganymede's jar"
  build_service
  make_alone
  "bench_$SUBJECT"
  step_done
  cat "$RESULTS/$SUBJECT.md"
  ok "$RESULTS/$SUBJECT.json"
}

main "$@"
