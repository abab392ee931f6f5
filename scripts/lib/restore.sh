# shellcheck shell=bash
# What a restore replaces: certificates, settings, work that was not pushed and the database, all of it or nothing. Needs
# common.sh, environment.sh, postgres.sh, backup-database.sh.
#
# The swap of the databases is one transaction, and decides. Before anything else is touched a marker says that a replacement is
# under way. Killed before the swap, everything is put back by whoever comes next (settle_restore); killed after it, all is there.

# What is taken over of the settings: what people or other programs rely on. The rest belongs to the machine.
readonly RESTORED_KEYS=(GANYMEDE_API_KEY GANYMEDE_REPLICAS GATEWAY_POOL_SIZE GATEWAY_POOL_MAX GATEWAY_POOL_BUFFER
  GATEWAY_AUTOSAVE_SECONDS GATEWAY_INACTIVITY_SHUTDOWN_SECONDS GATEWAY_MEMORY_MIB GATEWAY_CPUS GATEWAY_PIDS)

restore_marker() { printf '%s/restore-under-way' "$ENV_DIR"; }

# refuse_half_restored: for whatever would take a mixture of before and after for an environment.
refuse_half_restored() { [[ ! -e "$(restore_marker)" ]] || die "$(half_restored)"; }

half_restored() {
  local time
  read -r time _ <"$(restore_marker)"
  printf 'a restore of %s was cut short: run it again, or go back to what was there: scripts/restore.sh --undo %s %s' "$ENV_NAME" "$time" "$ENV_NAME"
}

# replace_all <time> <database> <certificates> <settings> [time of the restore that is undone by it]: what was there is kept, under
# names that end with the time. Nobody may be connected, and no gateway may run.
replace_all() {
  jump_generations "$2"
  mark_restore "$1 ${5:-}"
  set_unsent_aside "$1"
  replace_files "$1" "$3" "$4"
  # Not less durable than the swap.
  sync
  swap_databases "$2" "ganymede_before_$1"
  finish_restore "$1" "${5:-}"
}

# finish_restore <time> [time of the restore that is undone]: what is left to do after the swap; may be repeated.
finish_restore() {
  [[ -z "${2:-}" ]] || bring_unsent_back "$2"
  chmod 0700 -- "$CERTIFICATE_DIR.before_$1"
  sync
  forget_marker
}

# settle_restore: ends a replacement that was cut short, forwards or backwards. Sets UNDONE to the time of the restore that is undone
# by that, if any.
settle_restore() {
  local time undoes swapped
  UNDONE=''
  rm -f -- "$(restore_marker).new"
  [[ -e "$(restore_marker)" ]] || return 0
  read -r time undoes <"$(restore_marker)"
  swapped="$(database_exists "ganymede_before_$time")" || die "PostgreSQL does not say what became of the restore of $time"
  if [[ "$swapped" == yes ]]; then
    finish_restore "$time" "$undoes"
    UNDONE="$undoes"
    warn "the restore of $time was cut short when all was replaced; to go back: scripts/restore.sh --undo $time $ENV_NAME"
  else
    put_back "$time"
    # shellcheck disable=SC2034 # read by restore.sh
    UNDONE="$time"
    warn "the restore of $time was cut short; what was there before it is back"
  fi
}

# put_back <time>: as it was before; may be repeated.
put_back() {
  rm -rf -- "$CERTIFICATE_DIR.restoring"
  if [[ -d "$CERTIFICATE_DIR.before_$1" ]]; then
    [[ ! -d "$CERTIFICATE_DIR" ]] || mv -- "$CERTIFICATE_DIR" "$CERTIFICATE_DIR.restoring"
    mv -- "$CERTIFICATE_DIR.before_$1" "$CERTIFICATE_DIR"
    rm -rf -- "$CERTIFICATE_DIR.restoring"
  fi
  [[ ! -f "$ENV_FILE.before_$1" ]] || mv -f -- "$ENV_FILE.before_$1" "$ENV_FILE"
  rm -f -- "$ENV_FILE.restoring"
  bring_unsent_back "$1"
  sync
  forget_marker
  load_env "$ENV_NAME"
}

# mark_restore <text>
mark_restore() {
  local marker
  marker="$(restore_marker)"
  printf '%s\n' "$1" >"$marker.new"
  sync -- "$marker.new"
  mv -f -- "$marker.new" "$marker"
  sync -- "$ENV_DIR"
}

forget_marker() {
  rm -f -- "$(restore_marker)"
  sync -- "$ENV_DIR"
}

# --- files ------------------------------------------------------------------------------------------------------------

# replace_files <time> <certificates> <settings>
replace_files() {
  local fresh="$CERTIFICATE_DIR.restoring"
  # Lost with a disk, or removed by hand.
  [[ -d "$CERTIFICATE_DIR" ]] || install -d -m 0711 -- "$CERTIFICATE_DIR"
  rm -rf -- "$fresh"
  mkdir -- "$fresh"
  cp --archive -- "$2/." "$fresh/"
  chmod --reference="$CERTIFICATE_DIR" -- "$fresh"
  # Whole or absent: it may be put back.
  cp --archive -- "$ENV_FILE" "$ENV_FILE.restoring"
  mv -f -- "$ENV_FILE.restoring" "$ENV_FILE.before_$1"
  mv -- "$CERTIFICATE_DIR" "$CERTIFICATE_DIR.before_$1"
  mv -- "$fresh" "$CERTIFICATE_DIR"
  take_settings "$3"
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

# set_unsent_aside <time>: what gateways did not push belongs to the data that is replaced; imported, it would come back.
set_unsent_aside() {
  local file
  while IFS= read -r -d '' file; do
    mv -f -T -- "$file" "$file.before_$1" || warn "$file stays where it is"
  done < <(find "$GATEWAY_LOG_DIR" -type f -name '*unsent-*.json' -print0 2>/dev/null)
}

# bring_unsent_back <time>
bring_unsent_back() {
  local file
  while IFS= read -r -d '' file; do
    mv -f -T -- "$file" "${file%".before_$1"}" || warn "$file stays where it is"
  done < <(find "$GATEWAY_LOG_DIR" -type f -name "*unsent-*.json.before_$1" -print0 2>/dev/null)
}
