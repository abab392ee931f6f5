#!/usr/bin/env bash
# Tests of restores that are killed: wherever that is, afterwards all is as it was, or all is replaced.
set -euo pipefail
# shellcheck source=scripts/lib/test/backup-environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/backup-environment.sh"

readonly FROM_BACKUP="$SCRATCH/from-backup" T1=20250115_110001 T2=20250115_110002

# Whose data, certificates and settings there are, and what is not pushed.
state() {
  printf '%s %s %s' "$(sql ganymede <<<'select name from organization')" "$(<"$CERTIFICATE_DIR/whose")" "$(sed -n 's/^GANYMEDE_API_KEY=//p' "$ENV_FILE")"
  find "$GATEWAY_LOG_DIR" -type f -name '*.json' -printf ' %f'
}
readonly BEFORE='here here here unsent-1.json' AFTER='backup backup backup'

# killed_at <n> <command...>: kills it right before the n-th thing that it does to files or databases; sets STATUS.
killed_at() {
  local program
  set +e
  {
    (
      set -e
      # shellcheck disable=SC2030 # of that process only
      VICTIM="$BASHPID" CHANGES=0 LAST_CHANGE="$1"
      for program in mv cp rm mkdir chmod psql; do eval "$program() { change; command $program \"\$@\"; }"; done
      eval 'sync() { change; }'
      "${@:2}"
    ) >"$SCRATCH/said" 2>&1
  } 2>/dev/null
  STATUS=$?
  set -e
}

# shellcheck disable=SC2031
change() {
  [[ "$BASHPID" == "$VICTIM" ]] || return 0
  CHANGES=$((CHANGES + 1))
  ((CHANGES < LAST_CHANGE)) || kill -KILL "$VICTIM"
}

restore_all() { replace_all "$T1" ganymede_restoring "$FROM_BACKUP" "$FROM_BACKUP.settings"; }
restore_until_swap() {
  swap_databases() { kill -KILL "$BASHPID"; }
  restore_all
}
undo_until_swapped() {
  finish_restore() { kill -KILL "$BASHPID"; }
  undo_all
}
undo_all() { replace_all "$T2" "ganymede_before_$T1" "$CERTIFICATE_DIR.before_$T1" "$ENV_FILE.before_$T1" "$T1"; }

prepare_restore() {
  sql ganymede <<<"update organization set name = 'here'"
  sql ganymede_restoring <<<"update organization set name = 'backup'"
  sed -i 's/^GANYMEDE_API_KEY=.*/GANYMEDE_API_KEY=here/' "$ENV_FILE"
  sed 's/^GANYMEDE_API_KEY=.*/GANYMEDE_API_KEY=backup/' "$ENV_FILE" >"$FROM_BACKUP.settings"
  printf 'here' >"$CERTIFICATE_DIR/whose"
  mkdir "$FROM_BACKUP"
  printf 'backup' >"$FROM_BACKUP/whose"
  touch "$GATEWAY_LOG_DIR/unsent-1.json"
  verdict "before" "$(state)" "$BEFORE"
}

# Wherever it is killed: afterwards all is as it was, or all is replaced.
is_all_or_nothing() {
  local step=0 put_back=0 replaced=0 found
  # Only processes end here, not the machine.
  sync() { :; }
  prepare_restore
  while :; do
    step=$((step + 1))
    killed_at "$step" restore_all
    ((STATUS == 137)) || break
    if [[ -e "$ENV_DIR/restore-under-way" ]]; then
      says "half restored, it does not start (step $step)" 1 "restore.sh --undo $T1 backup-test" "$SCRIPTS_DIR/envctl.sh" start backup-test
    fi
    settle_restore 2>/dev/null
    found="$(state)"
    if [[ "$found" == "$AFTER" ]]; then
      replaced=$((replaced + 1))
      take_back
    else
      verdict "killed at step $step" "$found" "$BEFORE"
      put_back=$((put_back + 1))
    fi
    verdict "nothing is left over (step $step)" "$(find "$ENV_DIR" -maxdepth 1 \( -name '*restor*' -o -name "*$T1*" \))" ''
  done
  verdict "not killed" "$STATUS $(state)" "0 $AFTER"
  verdict "it was killed before the swap, and after" "$((put_back > 9)) $((replaced > 2))" "1 1"
}

# take_back: from after to before, as --undo does, and forgets it.
take_back() {
  (undo_all) >/dev/null
  load_env backup-test
  sql postgres <<<"alter database ganymede_before_$T2 rename to ganymede_restoring"
  rm -rf -- "$CERTIFICATE_DIR".before_* "$ENV_FILE".before_*
  verdict "taken back" "$(state)" "$BEFORE"
}

# What puts back may be killed, too; and so may what takes back.
settles_whatever_is_killed() {
  local step=0 marker="$ENV_DIR/restore-under-way"
  take_back
  while :; do
    killed_at 999 restore_until_swap
    verdict "killed at the swap" "$STATUS $(state)" "137 here backup backup"
    says "half restored, it is not backed up" 1 'was cut short' "$SCRIPTS_DIR/backup.sh" backup-test --to "$BACKUPS"
    step=$((step + 1))
    killed_at "$step" settle_restore
    settle_restore 2>/dev/null
    verdict "put back after a kill at step $step" "$(state) $(find "$ENV_DIR" -maxdepth 1 -name '*restor*')" "$BEFORE "
    ((STATUS == 137)) || break
  done
  verdict "putting back takes steps" "$((step > 6))" 1
  (restore_all) >/dev/null
  load_env backup-test
  killed_at 999 undo_until_swapped
  verdict "killed before unsent work was back" "$STATUS $(state)" "137 here here here"
  settle_restore 2>/dev/null
  verdict "it comes back" "$(state) $UNDONE $([[ -e "$marker" ]] || echo settled)" "$BEFORE $T1 settled"
}

make_environment 55832
sql postgres <<<"create database ganymede_restoring template ganymede"
is_all_or_nothing
settles_whatever_is_killed
tests_done "killed restores"
