#!/usr/bin/env bash
# Tests of backups, on a PostgreSQL cluster of their own with Ganymede's schema; without Docker and without Ganymede. As root.
# Every way in which a backup can be wrong is made, and has to be seen.
set -euo pipefail
# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../all.sh"

usage() { printf 'usage: backup.sh\n'; }

# The users postgres and root both work below it.
SCRATCH="$(mktemp -d /var/tmp/ganymede-test.XXXXXX)"
chmod 0711 "$SCRATCH"
export LOCAL_DEV_DIR="$SCRATCH/environments"
readonly BACKUPS="$SCRATCH/backups"
TESTS_PASSED=0 TESTS_FAILED=0

clean_up() {
  if [[ -n "${DATABASE_DIR:-}" ]]; then stop_postgres || true; fi
  rm -rf -- "$SCRATCH"
}
trap clean_up EXIT

# verdict <name> <actual> <expected>
verdict() {
  if [[ "$2" == "$3" ]]; then
    TESTS_PASSED=$((TESTS_PASSED + 1))
  else
    TESTS_FAILED=$((TESTS_FAILED + 1))
    fail "$1: expected '$3', got '$2'"
  fi
}

# says <name> <exit status> <pattern> <command...>: its output is in $SCRATCH/said.
says() {
  local name="$1" expected="$2" pattern="$3" status=0
  shift 3
  "$@" >"$SCRATCH/said" 2>&1 </dev/null || status=$?
  if [[ "$status" == "$expected" ]] && grep -qE -- "$pattern" "$SCRATCH/said"; then
    TESTS_PASSED=$((TESTS_PASSED + 1))
  else
    TESTS_FAILED=$((TESTS_FAILED + 1))
    fail "$name: expected exit status $expected and '$pattern', got $status and:"
    tail -n 15 "$SCRATCH/said" >&2
  fi
}

# --- an environment ---------------------------------------------------------------------------------------------------

make_environment() {
  local key
  locate_env backup-test
  mkdir -p "$ENV_DIR"/{run,logs,certificates,gateway-pool}
  chmod 0711 "$ENV_DIR" "$ENV_DIR"/{run,logs}
  for key in "${ENV_KEYS[@]}"; do printf -v "$key" none; done
  ENV_NAME=backup-test DOMAIN=backup.test GATEWAY_POOL_SIZE=1 GATEWAY_POOL_MAX=1 GATEWAY_POOL_BUFFER=0 GANYMEDE_REPLICAS=1
  # shellcheck disable=SC2034 # settings are written by name
  LOOPBACK_ADDRESS=127.0.0.1 HOST_ADDRESS=127.0.0.1 CERTIFICATE_DIR="$ENV_DIR/certificates" GATEWAY_LOG_DIR="$ENV_DIR/gateway-pool"
  DATABASE_DIR="$ENV_DIR/postgres" DATABASE_PORT="$(free_port 127.0.0.1 55432 tcp)"
  GANYMEDE_DB_URL="postgresql://127.0.0.1:$DATABASE_PORT/ganymede"
  for key in GANYMEDE_PORT PDNS_API_PORT DNS_PORT EDGE_HTTP_PORT EDGE_HTTPS_PORT; do printf -v "$key" 1; done
  write_env_file
  load_env backup-test
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=test -days 2 \
    -keyout "$CERTIFICATE_DIR/rootCA-key.pem" -out "$CERTIFICATE_DIR/rootCA.pem" 2>/dev/null
  chmod 0600 "$CERTIFICATE_DIR/rootCA-key.pem"
  touch "$CERTIFICATE_DIR/.lock"
  ensure_cluster
  start_postgres
  ensure_role ganymede secret
  ensure_database ganymede ganymede
  migrate
  fill
}

migrate() {
  local file version
  sql ganymede <<'SQL'
set role ganymede;
create table flyway_schema_history (installed_rank integer primary key, version text, success boolean not null);
SQL
  for file in $(find "$REPO_ROOT/src/main/resources/db/migration" -name 'V*.sql' | sort -V); do
    version="$(basename "$file" | sed 's/^V\([0-9]*\)__.*/\1/')"
    { printf 'begin; set local role ganymede;\n'; cat "$file"; printf "\ninsert into flyway_schema_history values (%s, '%s', true); commit;\n" "$version" "$version"; } | sql ganymede 2>/dev/null
  done
}

readonly ORGANIZATION=11111111-2222-3333-4444-555555555555

# One organization, two versions; a blob in one row, an empty one, one of three chunks.
fill() {
  sql ganymede <<SQL
begin;
insert into organization values ('$ORGANIZATION', 'Company A', 7, now());
create temporary table content (data bytea, large boolean) on commit drop;
insert into content values ('\x0001', false), ('', false),
  ((select string_agg(sha256(i::text::bytea), ''::bytea order by i) from generate_series(1, 70000) i), true);
insert into blob (sha256, size_bytes, data, used_at) select sha256(data), octet_length(data), case when not large then data end, now() from content;
insert into blob_chunk select sha256(data), i, substr(data, i * 1048576 + 1, 1048576) from content, generate_series(0, 2) i where large;
insert into snapshot_series (organization_id, last_version, head_version, generation, arrival) values ('$ORGANIZATION', 2, 2, 7, 3);
insert into snapshot (organization_id, version, lineage, kind, generation, taken_at, $(has_confirmed) stored_at, digest, size_bytes)
select '$ORGANIZATION', v, 0, 'PUSH', 7, now(), $(has_confirmed 'now(),') now(), sha256(convert_to(string_agg(coalesce(p.project::text, 'gateway_state') || ':' || encode(sha256(p.data), 'hex') || chr(10), '' order by p.project nulls last), 'UTF8')), 10
from generate_series(1, 2) v cross join (select data, case when data <> '' then ('00000000-0000-0000-0000-' || lpad(octet_length(data)::text, 12, '0'))::uuid end as project from content) p
group by v;
insert into snapshot_part select '$ORGANIZATION', v, row_number() over (partition by v) - 1, case when data <> '' then ('00000000-0000-0000-0000-' || lpad(octet_length(data)::text, 12, '0'))::uuid end, sha256(data), now()
from content, generate_series(1, 2) v;
select setval('push_arrival', 3) \g /dev/null
commit;
SQL
  LARGE="$(sql ganymede <<<"select encode(sha256, 'hex') from blob where data is null")"
}

# has_confirmed [text]: only where the schema has that column.
has_confirmed() { printf "%s" "${1:-confirmed_at,}"; }

# --- the tests --------------------------------------------------------------------------------------------------------

newest() { backups_of "$BACKUPS" backup-test | head -n 1; }

backs_up() {
  says "a backup" 0 'backed up in' "$SCRIPTS_DIR/backup.sh" backup-test --to "$BACKUPS/" --verify
  GOOD="$SCRATCH/good.tar"
  mv -- "$(newest)" "$GOOD"
  verdict "only root can read it" "$(stat -c '%a %U' "$GOOD")" "600 root"
  verdict "nothing is left beside it" "$(find "$BACKUPS" -mindepth 1 | wc -l)" 0
  verdict "lock files are not in it" "$(tar --list --file="$GOOD" | grep -c lock || true)" 0
  verdict "the manifest counts" "$(tar --extract --to-stdout --file="$GOOD" manifest.json | jq --compact-output '[.format, .environment, .flyway, .counts.organizations, .counts.versions, .counts.blobs, .counts.bytes]')" \
    "[1,\"backup-test\",\"$(newest_schema)\",1,2,3,2240002]"
  says "it is good" 0 'is good' "$SCRIPTS_DIR/restore.sh" --verify "$GOOD"
  verdict "no database is left" "$(databases)" ganymede
}

databases() { sql postgres <<<"select string_agg(datname, ' ' order by datname) from pg_database where datname like 'ganymede%'"; }

# All of a table's rows written while the dump is under way are in none of its parts, or in all.
is_of_one_instant() {
  local writer
  (while :; do sql ganymede <<<"insert into timeline (organization_id, stage, at) values ('$ORGANIZATION', 'X', now()); update organization set name = 'B' || random()"; done) &
  writer=$!
  says "a backup while it is written to" 0 'backed up in' "$SCRIPTS_DIR/backup.sh" backup-test --to "$BACKUPS/" --verify
  kill "$writer"
  wait "$writer" 2>/dev/null || true
}

# flipped <file> <place>: one bit of the byte there is another one.
flipped() {
  local byte
  cp -- "$1" "$SCRATCH/flipped.tar"
  byte="$(dd if="$1" bs=1 skip="$2" count=1 status=none | od -An -tu1 | tr -d ' ')"
  printf '%b' "\\x$(printf '%02x' $((byte ^ 1)))" | dd of="$SCRATCH/flipped.tar" bs=1 seek="$2" conv=notrunc status=none
}

sees_flipped_bytes() {
  local member place expected
  for member in database.dump tables.tsv manifest.json certificates/rootCA-key.pem settings/.env.ganymede SHA256SUMS; do
    place="$(tar --list --verbose --file="$GOOD" "$member" | awk '{print int($3 / 2)}')"
    place=$((place + $(offset_of "$member")))
    flipped "$GOOD" "$place"
    expected="$member: FAILED"
    [[ "$member" != SHA256SUMS ]] || expected='cannot be used'
    says "a flipped bit in $member" 1 "$expected" "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/flipped.tar"
  done
  head -c $(($(stat -c %s "$GOOD") / 2)) "$GOOD" >"$SCRATCH/flipped.tar"
  says "half of it" 1 'cannot be used' "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/flipped.tar"
  says "none" 1 'there is no backup' "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/missing.tar"
}

# offset_of <member>: where its content begins; the next block after its header (of a posix archive the last of its headers).
offset_of() {
  local next
  next="$(tar --list --block-number --file="$GOOD" | sed -n "s|^block \([0-9]*\): $1\$|\1|p")"
  printf '%s' "$(((next + $(headers_of "$next")) * 512))"
}

# headers_of <block>: an extended header (type x) and its content come before the member's own header.
headers_of() {
  local type
  type="$(dd if="$GOOD" bs=1 skip=$(($1 * 512 + 156)) count=1 status=none)"
  if [[ "$type" == x ]]; then printf 3; else printf 1; fi
}

# repacked <command...>: the good one, changed by the command in its directory, sealed again: its sums are right.
repacked() {
  rm -rf -- "$SCRATCH/open"
  mkdir "$SCRATCH/open"
  tar --extract --file="$GOOD" --directory="$SCRATCH/open"
  (cd "$SCRATCH/open" && "$@")
  pack_backup "$SCRATCH/open" "$SCRATCH/repacked.tar"
}

change_checksum() { sed -i 's/^\(blob\t3\t\).*/\11:1/' tables.tsv; }
lose_row() { sed -i 's/^organization\t1\t/organization\t2\t/' tables.tsv; }
swap_key() { openssl ecparam -name prime256v1 -genkey -noout -out certificates/rootCA-key.pem; }
add_link() { ln -s /etc/passwd certificates/link; }
other_format() { jq '.format = 99' manifest.json >m && mv m manifest.json; }
evil_name() { jq '.environment = "../x"' manifest.json >m && mv m manifest.json; }
break_dump() { head -c 3000 database.dump >d && mv d database.dump; }
evil_schema() { jq --arg evil "x[\$(touch $SCRATCH/was-run)]" '.flyway = $evil' manifest.json >m && mv m manifest.json; }
newer_schema() { jq '.flyway = "999"' manifest.json >m && mv m manifest.json; }

sees_what_sums_cannot() {
  repacked change_checksum
  says "a table that is not what was dumped" 1 'not what was dumped: blob$' "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/repacked.tar"
  repacked lose_row
  says "a lost row" 1 'not what was dumped: organization$' "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/repacked.tar"
  repacked swap_key
  says "another authority's key" 1 'not that of its certificate' "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/repacked.tar"
  repacked add_link
  says "a link" 1 'more than files and directories' "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/repacked.tar"
  repacked other_format
  says "a format of later" 1 'format is not' "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/repacked.tar"
  repacked evil_name
  says "a name that is a path" 1 'makes no sense' "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/repacked.tar"
  repacked break_dump
  says "a dump that ends early" 1 'cannot restore the dump' "$SCRIPTS_DIR/restore.sh" --verify "$SCRATCH/repacked.tar"
  repacked newer_schema
  says "a schema of later" 1 'is newer than' "$SCRIPTS_DIR/restore.sh" "$SCRATCH/repacked.tar" --yes
  repacked evil_schema
  says "a schema that is a command" 1 'its schema is no number' "$SCRIPTS_DIR/restore.sh" "$SCRATCH/repacked.tar" --yes
  verdict "nothing of a backup is run" "$([[ -e "$SCRATCH/was-run" ]] && echo run)" ''
  verdict "no database is left after failures" "$(databases)" ganymede
}

# What the database itself has wrong, all at once.
sees_damage_in_the_database() {
  sql ganymede <<'SQL'
update blob set data = '\x0002' where data = '\x0001';
update blob_chunk set data = set_byte(data, 9, get_byte(data, 9) # 1) where position = 1;
create table kept as select * from snapshot_part where version = 1 and project_id is null;
delete from snapshot_part where version = 1 and project_id is null;
update snapshot_series set head_version = 9, last_version = 9, arrival = 1000;
SQL
  says "damage in the database" 1 'is NOT good' "$SCRIPTS_DIR/backup.sh" backup-test --to "$SCRATCH/damaged.tar" --verify
  local line
  for line in "blob $(printf '\0\1' | sha256sum | cut -c 1-64) is not what its hash says" "blob $LARGE is not what its hash says" \
    "version 1 of $ORGANIZATION is not what its digest says" "the newest version of $ORGANIZATION is missing: 9" 'the order of arrival would begin again'; do
    verdict "it says: $line" "$(grep -c "$line" "$SCRATCH/said")" 1
  done
  sql ganymede <<'SQL'
update blob set damaged_at = now() where data = '\x0002';
update blob_chunk set data = set_byte(data, 9, get_byte(data, 9) # 1) where position = 1;
insert into snapshot_part select * from kept;
drop table kept;
update snapshot_series set head_version = 2, last_version = 2, arrival = 3;
SQL
  says "damage that is known is told, and backed up" 0 '1 blobs were known to be damaged' "$SCRIPTS_DIR/backup.sh" backup-test --to "$SCRATCH/damaged.tar" --verify
  sql ganymede <<<"update blob set data = '\x0001', damaged_at = null where data = '\x0002'"
}

keeps_the_newest() {
  local count
  touch "$BACKUPS/ganymede-backup-test-b-20200101T000000000Z.tar" "$BACKUPS/mine.tar" "$BACKUPS/.ganymede-backup-test-backup.old" "$BACKUPS/ganymede-backup-test-20200101T000000000Z.tar"
  says "only the newest stay" 0 'older ones are removed' "$SCRIPTS_DIR/backup.sh" backup-test --to "$BACKUPS" --keep 2
  count="$(backups_of "$BACKUPS" backup-test | wc -l)"
  verdict "two are kept, another environment's and others' files as well, a killed one's are removed" \
    "$count $(find "$BACKUPS" -mindepth 1 | wc -l)" "2 4"
}

asks_before_it_replaces() {
  says "an environment with data" 1 'say --yes' "$SCRIPTS_DIR/restore.sh" "$GOOD"
  verdict "nothing was changed" "$(databases)" ganymede
  says "no such environment" 1 'there is no environment other' "$SCRIPTS_DIR/restore.sh" "$GOOD" other
  local wrong
  for wrong in '' '--verify' "$GOOD Other" "--undo 1 backup-test" "--undo 20250115_103000" "$GOOD a b"; do
    # shellcheck disable=SC2086 # words
    says "wrong use: $wrong" 2 'usage: restore.sh' "$SCRIPTS_DIR/restore.sh" $wrong
  done
  for wrong in '--to' '--keep 0' '--keep x' '--nothing' 'Other' 'a b' "backup-test --to $SCRATCH/x.tar --keep 2"; do
    # shellcheck disable=SC2086
    says "wrong use: $wrong" 2 'usage: backup.sh' "$SCRIPTS_DIR/backup.sh" $wrong
  done
}

jumps_over_generations() {
  SNAPSHOT=''
  sql postgres <<<"create database ganymede_before_20250115_103000 template ganymede"
  sql ganymede_before_20250115_103000 <<<"update organization set generation = 5000000"
  sql postgres <<<"create database ganymede_restoring template ganymede"
  jump_generations ganymede_restoring
  verdict "above what any database has given" "$(sql ganymede_restoring <<<'select o.generation, s.generation, arrival, sequence is null from organization o join snapshot_series s on s.organization_id = o.id')" "6000000|6000000|0|t"
  swap_databases ganymede_restoring ganymede_before_20250115_103001
  verdict "what was there is kept" "$(sql ganymede_before_20250115_103001 <<<'select generation from organization')" 7
  sql postgres <<<"create database ganymede_restoring template ganymede_before_20250115_103001"
  jump_generations ganymede_restoring
  verdict "the same backup again jumps further" "$GENERATION" 7000000
  sql postgres <<<"create database ganymede_before_20250115_103002 template ganymede_restoring"
  sql ganymede_before_20250115_103002 <<<"update flyway_schema_history set version = 'x[\$(touch $SCRATCH/was-run)]'"
  says "a schema that is a command, in the database" 1 'has no number' flyway_version_in_a_process
  drop_database ganymede_before_20250115_103002
}

flyway_version_in_a_process() { (flyway_version ganymede_before_20250115_103002); }

# --- a restore that is killed -----------------------------------------------------------------------------------------

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

stops_what_it_started() {
  stop_postgres
  says "a stopped environment" 0 'backed up in' "$SCRIPTS_DIR/backup.sh" backup-test --to "$BACKUPS"
  verdict "is stopped afterwards" "$(postgres_runs && echo runs || echo stopped)" stopped
  start_postgres
}

[[ "$(id -u)" == 0 ]] || die "this needs root"
make_environment
backs_up
is_of_one_instant
sees_flipped_bytes
sees_what_sums_cannot
sees_damage_in_the_database
keeps_the_newest
asks_before_it_replaces
stops_what_it_started
jumps_over_generations
is_all_or_nothing
settles_whatever_is_killed
say "backups: $TESTS_PASSED passed, $TESTS_FAILED failed"
((TESTS_FAILED == 0))
