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
# What is taken over of the settings: what people or other programs rely on. The rest belongs to the machine.
readonly RESTORED_KEYS=(GANYMEDE_API_KEY GANYMEDE_REPLICAS GATEWAY_POOL_SIZE GATEWAY_POOL_MAX GATEWAY_POOL_BUFFER
  GATEWAY_AUTOSAVE_SECONDS GATEWAY_INACTIVITY_SHUTDOWN_SECONDS GATEWAY_MEMORY_MIB GATEWAY_CPUS GATEWAY_PIDS)

SCRATCH='' POSTGRES_WAS_DOWN='' STAGING=''

clean_up() {
  [[ -z "$STAGING" ]] || drop_database "$STAGED" || true
  [[ -z "$SCRATCH" ]] || rm -rf -- "$SCRATCH" "$SCRATCH".*
  [[ -z "$POSTGRES_WAS_DOWN" ]] || stop_postgres
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

stop_everything() {
  LOG_INDENT="$LOG_INDENT" "$SCRIPTS_DIR/envctl.sh" stop "$ENV_NAME"
  # What they did not push belongs to the data that is replaced; imported, it would come back.
  find "$GATEWAY_LOG_DIR" -type f -name '*unsent-*.json' -exec mv -- {} "{}.before_$NOW" \; 2>/dev/null || true
  ensure_database_runs
}

# replace_files <certificates> <settings>: what was there is kept.
replace_files() {
  local fresh="$CERTIFICATE_DIR.restoring"
  # Missing, when a restore was killed here.
  [[ -d "$CERTIFICATE_DIR" ]] || install -d -m 0711 -- "$CERTIFICATE_DIR"
  rm -rf -- "$fresh"
  mkdir -- "$fresh"
  cp --archive -- "$1/." "$fresh/"
  chmod --reference="$CERTIFICATE_DIR" -- "$fresh"
  cp --archive -- "$ENV_FILE" "$ENV_FILE.before_$NOW"
  mv -- "$CERTIFICATE_DIR" "$CERTIFICATE_DIR.before_$NOW"
  chmod 0700 -- "$CERTIFICATE_DIR.before_$NOW"
  mv -- "$fresh" "$CERTIFICATE_DIR"
  take_settings "$2"
}

# take_settings <file>: the keys above and those that were added by hand, without ports of replicas.
take_settings() {
  local key line own_file="$ENV_FILE" lines
  lines="$(ENV_FILE="$1"; read_env_file; for key in "${RESTORED_KEYS[@]}"; do [[ -z "${!key:-}" ]] || printf '%s=%s\n' "$key" "${!key}"; done
    for key in "${!EXTRA_SETTINGS[@]}"; do [[ "$key" == GANYMEDE_PORT_* ]] || printf '%s=%s\n' "$key" "${EXTRA_SETTINGS[$key]}"; done)"
  ENV_FILE="$own_file"
  while IFS= read -r line; do
    key="${line%%=*}"
    if [[ " ${RESTORED_KEYS[*]} " == *" $key "* ]]; then printf -v "$key" '%s' "${line#*=}"; else EXTRA_SETTINGS["$key"]="${line#*=}"; fi
  done <<<"$lines"
  validate_env
  write_env_file
}

# replace <database> <certificates> <settings>: everything between the last and the next answer to anybody.
replace() {
  step "Gateways push and leave, everything stops"
  stop_everything
  step "Replace, and keep what was there"
  jump_generations "$1"
  replace_files "$2" "$3"
  swap_databases "$1" "ganymede_before_$NOW"
  STAGING=''
  say "the database that was there is ganymede_before_$NOW; generations go on at $GENERATION"
  step "Start"
  POSTGRES_WAS_DOWN=''
  LOG_INDENT="$LOG_INDENT" "$SCRIPTS_DIR/envctl.sh" start "$ENV_NAME" ||
    die "the data is replaced, but $ENV_NAME does not start: scripts/envctl.sh start $ENV_NAME; or go back: scripts/restore.sh --undo $NOW $ENV_NAME"
  step_done
  ok "$ENV_NAME has $(organizations_now) organizations again: $(https_url "$(ganymede_host)")"
  say "to go back: scripts/restore.sh --undo $NOW $ENV_NAME"
  say "when all is well: psql -h $(postgres_socket_dir) -p $DATABASE_PORT -U postgres -c 'drop database ganymede_before_$NOW';"
  say "                  rm -r $CERTIFICATE_DIR.before_$NOW $ENV_FILE.before_$NOW"
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
  [[ -d "$CERTIFICATE_DIR.before_$TIME" && -f "$ENV_FILE.before_$TIME" && -n "$(flyway_version_of_kept "$kept")" ]] ||
    die "$kept, or the files that belong to it, are not there any more"
  agree_to_replace
  replace "$kept" "$CERTIFICATE_DIR.before_$TIME" "$ENV_FILE.before_$TIME"
}

flyway_version_of_kept() {
  [[ "$(sql postgres <<<"select count(*) from pg_database where datname = '$1'")" == 1 ]] || return 0
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
