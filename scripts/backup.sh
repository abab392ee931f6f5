#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: backup.sh [env] [--to DIR|FILE] [--verify] [--keep N]

Writes all that an environment (default: ENV_NAME, or dev-001) cannot make again into one file: Ganymede's database as it is at one
instant, settings, certificates and keys. Ganymede goes on running. The file holds secrets: only root can read it.

  --to DIR|FILE  where to; a directory gets ganymede-<env>-<time>.tar (default /var/backups/ganymede/<env>)
  --verify       afterwards restores it into a second database, compares all of it, and drops that database again
  --keep N       of this environment's backups in that directory, keeps the newest N (only after success)

Not in it, because it is derived or not ours: PowerDNS' database, the edge's directory, images, the workspace. What gateways
have not pushed yet is in no backup.
EOT
}

SCRATCH='' POSTGRES_WAS_DOWN=''

clean_up() {
  release_snapshot
  [[ -z "$SCRATCH" ]] || rm -rf -- "$SCRATCH" "$SCRATCH".*
  [[ -z "$TARGET" ]] || rm -f -- "$TARGET.partial"
  [[ -z "$POSTGRES_WAS_DOWN" ]] || stop_postgres
}

read_arguments() {
  ENVIRONMENT="${ENV_NAME:-dev-001}" TO='' VERIFY='' KEEP='' TARGET=''
  local named=''
  while (($# > 0)); do
    case "$1" in
      --to) (($# > 1)) || die_usage "--to needs a directory or a file"; TO="$2"; shift ;;
      --keep) (($# > 1)) || die_usage "--keep needs a count"; require_count "$2"; KEEP="$2"; shift ;;
      --verify) VERIFY=yes ;;
      -*) die_usage "there is no option '$1'" ;;
      *) [[ -z "$named" ]] || die_usage "too many arguments"; named="$1" ENVIRONMENT="$1" ;;
    esac
    shift
  done
  require_env_name "$ENVIRONMENT"
}

# choose_target: sets TARGET_DIR and TARGET, and lets no other backup write there meanwhile.
choose_target() {
  [[ -n "$TO" ]] || { TO="$BACKUP_ROOT/$ENV_NAME"; (umask 077 && mkdir -p -- "$TO"); }
  if [[ -d "$TO" || "$TO" == */ ]]; then
    mkdir -p -- "$TO"
    TARGET_DIR="$(cd -- "$TO" && pwd -P)"
  else
    [[ -z "$KEEP" ]] || die_usage "--keep needs a directory, not the file $TO"
    [[ -d "$(dirname -- "$TO")" ]] || die "there is no directory $(dirname -- "$TO")"
    TARGET_DIR="$(cd -- "$(dirname -- "$TO")" && pwd -P)"
  fi
  exec {backup_lock}<"$TARGET_DIR"
  flock --timeout 300 "$backup_lock" || die "another backup has been written to $TARGET_DIR for five minutes"
  if [[ -d "$TO" ]]; then TARGET="$TARGET_DIR/$(backup_name "$ENV_NAME")"; else TARGET="$TARGET_DIR/$(basename -- "$TO")"; fi
  # Of one that was killed.
  find "$TARGET_DIR" -maxdepth 1 \( -name ".ganymede-$ENV_NAME-backup.*" -o -name "ganymede-$ENV_NAME-*.tar.partial" \) -exec rm -rf -- {} +
}

warn_of_unsent() {
  local count
  [[ -d "$GATEWAY_LOG_DIR" ]] || return 0
  # Ganymede moves such files while we look.
  count="$(find "$GATEWAY_LOG_DIR" -type f -name '*unsent-*.json' 2>/dev/null | wc -l)" ||
    warn "not all of $GATEWAY_LOG_DIR could be read: there may be more data that was not pushed than what is told here"
  ((count == 0)) || warn "$count files of data that was not pushed are in $GATEWAY_LOG_DIR, and not in this backup; Ganymede imports them"
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  read_arguments "$@"
  require_root "$@"
  load_env "$ENVIRONMENT"
  refuse_half_restored
  umask 077
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  choose_target
  local started_ms
  started_ms="$(now_ms)"

  if [[ -n "$VERIFY" ]]; then steps 4; else steps 3; fi
  step "Database of $ENV_NAME, as it is now"
  ensure_database_runs
  # Beside the target: there has to be room for it in any case.
  SCRATCH="$(mktemp -d "$TARGET_DIR/.ganymede-$ENV_NAME-backup.XXXXXX")"
  dump_database "$SCRATCH"
  describe_backup "$SCRATCH"
  step "Settings, certificates, keys"
  stage_files "$SCRATCH"
  say "$(members_of "$SCRATCH" | grep -c '^certificates/' || true) files of $CERTIFICATE_DIR, $(basename "$ENV_FILE")"
  step "One file"
  pack_backup "$SCRATCH" "$TARGET"
  say "$TARGET, $(stat -c %s -- "$TARGET") bytes"
  if [[ -n "$VERIFY" ]]; then
    step "Restore it into a second database, compare"
    verify_target
  fi
  [[ -z "$KEEP" ]] || keep_backups "$TARGET_DIR" "$ENV_NAME" "$KEEP"
  warn_of_unsent
  step_done
  ok "backed up in $(seconds_since "$started_ms"): $TARGET"
  note "keep a copy on another machine; bring it back with scripts/restore.sh $TARGET $ENV_NAME"
}

# What was written is read again from the file.
verify_target() {
  rm -rf -- "$SCRATCH"
  mkdir -- "$SCRATCH"
  unpack_backup "$TARGET" "$SCRATCH"
  lock_verification
  try_backup "$SCRATCH" || die "the backup $TARGET is NOT good; it is left there to be looked at"
}

main "$@"
