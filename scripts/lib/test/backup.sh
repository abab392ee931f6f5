#!/usr/bin/env bash
# Tests of backups: every way in which one can be wrong is made, and has to be seen.
set -euo pipefail
# shellcheck source=scripts/lib/test/backup-environment.sh
source "$(dirname "${BASH_SOURCE[0]}")/backup-environment.sh"

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

stops_what_it_started() {
  stop_postgres
  says "a stopped environment" 0 'backed up in' "$SCRIPTS_DIR/backup.sh" backup-test --to "$BACKUPS"
  verdict "is stopped afterwards" "$(postgres_runs && echo runs || echo stopped)" stopped
  start_postgres
}

make_environment 55432
backs_up
is_of_one_instant
sees_flipped_bytes
sees_what_sums_cannot
sees_damage_in_the_database
keeps_the_newest
asks_before_it_replaces
stops_what_it_started
jumps_over_generations
tests_done backups
