#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/all.sh"

usage() {
  cat <<'EOT'
usage: restore.sh <file> [env] [--yes]
       restore.sh --verify <file> [env]
       restore.sh --undo <time> <env> [--yes]

Brings back what scripts/backup.sh wrote, into an environment that is there (default: the one that the backup is of; on a bare
machine make it first, with scripts/quickstart.sh). The backup is checked, restored into a database beside Ganymede's, and compared before
anything is stopped. Then gateways push and leave, and everything is stopped; the database, certificates and settings that are
replaced are kept under another name; everything is started again.

  --yes     replaces an environment that has data without asking
  --verify  only checks the backup, in a second database of env that is dropped again
  --undo    goes back to what a restore replaced, and keeps what it had brought

Addresses, ports, directories and the database's passwords stay the environment's own.
EOT
}

readonly STAGED=ganymede_restoring

SCRATCH='' POSTGRES_WAS_DOWN='' STAGING=''

clean_up() {
  [[ -z "$STAGING" ]] || drop_database "$STAGED" || true
  [[ -z "$SCRATCH" ]] || rm -rf -- "$SCRATCH" "$SCRATCH".*
  [[ -z "$POSTGRES_WAS_DOWN" ]] || stop_postgres
  [[ -z "${ENV_DIR:-}" || ! -e "$(restore_marker)" ]] || warn "$(half_restored)"
}

read_arguments() {
  ACTION=restore FILE='' ENVIRONMENT='' YES='' TIME=''
  local words=()
  while (($# > 0)); do
    case "$1" in
      --yes) YES=yes ;;
      --verify) ACTION=verify ;;
      --undo) (($# > 1)) || die_usage "--undo needs the time of a restore"; ACTION=undo TIME="$2"; shift ;;
      -*) die_usage "there is no option '$1'" ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  if [[ "$ACTION" == undo ]]; then
    [[ "$TIME" =~ ^[0-9]{8}_[0-9]{6}$ ]] || die_usage "not the time of a restore: '$TIME' (like 20250115_103000)"
    ((${#words[@]} == 1)) || die_usage "an environment's name is needed"
    ENVIRONMENT="${words[0]}"
  else
    ((${#words[@]} == 1 || ${#words[@]} == 2)) || die_usage "a backup's file is needed, and nothing but an environment's name after it"
    FILE="${words[0]}" ENVIRONMENT="${words[1]:-}"
  fi
  [[ -z "$ENVIRONMENT" ]] || require_env_name "$ENVIRONMENT"
}

open_backup() {
  SCRATCH="$(mktemp -d "${TMPDIR:-/var/tmp}/ganymede-restore.XXXXXX")"
  unpack_backup "$FILE" "$SCRATCH"
  describe_backup "$SCRATCH"
  ENVIRONMENT="${ENVIRONMENT:-$(manifest_value "$SCRATCH" .environment)}"
}

refuse_newer() {
  local flyway
  flyway="$(manifest_value "$SCRATCH" .flyway)"
  ((flyway <= $(newest_schema))) || die "the backup's schema ($flyway) is newer than this Ganymede's ($(newest_schema)): restore it with the version that wrote it"
}

# --- asking -----------------------------------------------------------------------------------------------------------

organizations_now() {
  if [[ -z "$(flyway_version ganymede)" ]]; then printf 0; else sql ganymede <<<'select count(*) from organization'; fi
}

agree_to_replace() {
  local organizations answer
  organizations="$(organizations_now)"
  if [[ -n "$YES" || "$organizations" == 0 ]]; then return 0; fi
  [[ -t 0 ]] || die "$ENV_NAME has data of $organizations organizations, which would be replaced (and kept under another name): say --yes"
  read -r -p "Replace the data of $organizations organizations in $ENV_NAME? Type its name: " answer
  [[ "$answer" == "$ENV_NAME" ]] || die "nothing was changed"
}

# --- replacing --------------------------------------------------------------------------------------------------------

# replace <database> <certificates> <settings> [time]: everything between the last and the next answer to anybody.
replace() {
  step "Gateways push and leave, everything stops"
  LOG_INDENT="$LOG_INDENT" "$SCRIPTS_DIR/envctl.sh" stop "$ENV_NAME"
  ensure_database_runs
  step "Replace, and keep what was there"
  replace_all "$NOW" "$@"
  STAGING=''
  say "the database that was there is ganymede_before_$NOW; generations go on at $GENERATION"
  start_again "the data is replaced, but $ENV_NAME does not start: scripts/envctl.sh start $ENV_NAME; or go back: scripts/restore.sh --undo $NOW $ENV_NAME"
  say "to go back: scripts/restore.sh --undo $NOW $ENV_NAME"
  say "when all is well: psql -h $(postgres_socket_dir) -p $DATABASE_PORT -U postgres -c 'drop database ganymede_before_$NOW';"
  say "                  rm -r $CERTIFICATE_DIR.before_$NOW $ENV_FILE.before_$NOW"
}

# start_again <what to say when that fails>
start_again() {
  step "Start"
  POSTGRES_WAS_DOWN=''
  LOG_INDENT="$LOG_INDENT" "$SCRIPTS_DIR/envctl.sh" start "$ENV_NAME" || die "$1"
  step_done
  ok "$ENV_NAME has $(organizations_now) organizations again: $(https_url "$(ganymede_host)")"
}

# --- the actions ------------------------------------------------------------------------------------------------------

restore() {
  steps 5
  step "Open the backup"
  open_backup
  load_env "$ENVIRONMENT"
  [[ "$DOMAIN" == "$(manifest_value "$SCRATCH" .domain)" ]] ||
    warn "the backup is of the domain $(manifest_value "$SCRATCH" .domain), $ENV_NAME has $DOMAIN: names change, certificates are issued anew by the same authority"
  refuse_newer
  authority_belongs "$SCRATCH/certificates" || die "the authority's key is not that of its certificate"
  lock_env "$ENV_NAME"
  ensure_database_runs
  settle_restore
  agree_to_replace
  step "Restore into a database beside Ganymede's, compare"
  STAGING=yes
  drop_database "$STAGED"
  if ! fill_database "$STAGED" "$SCRATCH/database.dump" || ! check_database "$STAGED" "$SCRATCH"; then die "nothing was changed"; fi
  replace "$STAGED" "$SCRATCH/certificates" "$SCRATCH/$BACKUP_SETTINGS"
}

undo() {
  local kept="ganymede_before_$TIME"
  steps 4
  step "What the restore of $TIME replaced"
  load_env "$ENVIRONMENT"
  lock_env "$ENV_NAME"
  ensure_database_runs
  settle_restore
  if [[ "$UNDONE" == "$TIME" ]]; then
    start_again "what was there is back, but $ENV_NAME does not start: scripts/envctl.sh start $ENV_NAME"
    return
  fi
  [[ -d "$CERTIFICATE_DIR.before_$TIME" && -f "$ENV_FILE.before_$TIME" && -n "$(flyway_version_of_kept "$kept")" ]] ||
    die "$kept, or the files that belong to it, are not there any more"
  agree_to_replace
  replace "$kept" "$CERTIFICATE_DIR.before_$TIME" "$ENV_FILE.before_$TIME" "$TIME"
}

flyway_version_of_kept() {
  [[ "$(database_exists "$1")" == yes ]] || return 0
  flyway_version "$1"
}

verify() {
  local started_ms
  started_ms="$(now_ms)"
  steps 2
  step "Open the backup"
  open_backup
  load_env "$ENVIRONMENT"
  step "Restore it into a second database, compare"
  ensure_database_runs
  lock_verification
  try_backup "$SCRATCH" || die "the backup $FILE is NOT good"
  step_done
  ok "the backup $FILE is good (checked in $(seconds_since "$started_ms"))"
}

main() {
  case "${1:-}" in -h | --help) usage; return 0 ;; esac
  read_arguments "$@"
  require_root "$@"
  umask 077
  NOW="$(date --utc +%Y%m%d_%H%M%S)"
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  "$ACTION"
}

main "$@"
