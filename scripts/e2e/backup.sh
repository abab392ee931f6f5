#!/usr/bin/env bash
# A backup of an environment at work brings back what was there when it was taken: the document of then is served, under a
# generation that was never given, with the authority and the keys of then; and it can be taken back.
set -euo pipefail
# shellcheck source=scripts/e2e/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

generation() { start_gateway "$DEMO_ADA" | jq .generation; }
key_sum() { cat "$CERTIFICATE_DIR/rootCA-key.pem" "$CERTIFICATE_DIR/access-token.key" | sha256sum; }
api_key() { sed -n 's/^GANYMEDE_API_KEY=//p' "$ENV_FILE"; }

# run_quietly <script> [arguments]: its output only when it fails.
run_quietly() { run_script "$@" >"$SCRATCH/said" 2>&1 </dev/null || { cat "$SCRATCH/said"; die "$1 failed"; }; }

takes_a_backup() {
  THEN="Before the backup, $(date +%s%N)"
  demo_edit "$THEN" >/dev/null
  api POST "/organizations/$DEMO_ORGANIZATION/stop" >/dev/null
  KEYS="$(key_sum)" API_KEY="$(api_key)"
  # Live in the backup, and gone when it is restored.
  generation >/dev/null
  run_quietly backup.sh "$ENV_NAME" --to "$SCRATCH/backup.tar" --verify
  ok "a backup is taken and verified, while the organization is served"
}

changes_everything() {
  LATER="After the backup, $(date +%s%N)"
  demo_edit "$LATER" >/dev/null
  LATER_GENERATION="$(generation)"
  api POST /organizations "{\"name\": \"Founded after the backup\"}" >/dev/null
  ORGANIZATIONS="$(organizations)"
  rm -- "$CERTIFICATE_DIR/access-token.key"
}

organizations() { sql ganymede <<<'select count(*) from organization'; }

refuses() {
  expect "without --yes nothing is replaced" "$(run_script restore.sh "$SCRATCH/backup.tar" "$ENV_NAME" </dev/null >/dev/null 2>&1 && echo yes || echo no)" no
  { head -c 60000 "$SCRATCH/backup.tar"; printf 'x'; tail -c +60002 "$SCRATCH/backup.tar"; } >"$SCRATCH/bad.tar"
  expect "a damaged backup is refused" "$(run_script restore.sh "$SCRATCH/bad.tar" "$ENV_NAME" --yes </dev/null >/dev/null 2>&1 && echo yes || echo no)" no
  expect "and nothing has changed" "$(organizations)" "$ORGANIZATIONS"
}

brings_it_back() {
  local read given
  run_quietly restore.sh "$SCRATCH/backup.tar" "$ENV_NAME" --yes
  load_env "$ENV_NAME"
  TIME="$(sed -n 's/.*restore.sh --undo \([0-9_]*\) .*/\1/p' "$SCRATCH/said")"
  expect "keys and the API key are those of then" "$(key_sum) $(api_key)" "$KEYS $API_KEY"
  expect "what was founded later is not there" "$(organizations)" "$((ORGANIZATIONS - 1))"
  given="$(generation)"
  expect "the generation was never given before" "$((given > LATER_GENERATION + 1000))" 1
  read="$(demo_read)"
  expect_match "the document of then is served" "$read" "$THEN"
  expect "and nothing of later" "$(grep -cF "$LATER" <<<"$read")" 0
  expect "who was served then, by a gateway that is gone, has a new one" \
    "$(sql ganymede <<<"select count(*) from allocation where state <> 'ENDED' and generation < $given")" 0
}

takes_it_back() {
  run_quietly restore.sh --undo "$TIME" "$ENV_NAME" --yes
  load_env "$ENV_NAME"
  expect "what was founded later is there again" "$(organizations)" "$ORGANIZATIONS"
  expect_match "so is the document" "$(demo_read)" "$LATER"
}

# What the restores have kept is not for the checks that follow.
tidy() {
  local name
  for name in $(sql postgres <<<"select datname from pg_database where datname like 'ganymede\_before\_%'"); do drop_database "$name"; done
  rm -rf -- "$CERTIFICATE_DIR".before_* "$ENV_FILE".before_*
}

open_env "$@"
takes_a_backup
changes_everything
refuses
brings_it_back
takes_it_back
tidy
checks_done
