# shellcheck shell=bash
# Ganymede's database in a backup: dumped at one instant, filled from a dump, compared. Needs common.sh, environment.sh,
# postgres.sh.

# The oldest schema that has versions of documents.
readonly BACKUP_OLDEST_SCHEMA=4

# require_own_database: these scripts back up the environment's own PostgreSQL.
require_own_database() {
  [[ "$GANYMEDE_DB_URL" == "postgresql://$LOOPBACK_ADDRESS:$DATABASE_PORT/ganymede" ]] ||
    die "Ganymede's database is at $GANYMEDE_DB_URL, not in this environment: back it up there (docs/OPERATIONS.md)"
}

# ensure_database_runs: a stopped environment can be backed up, too; sets POSTGRES_WAS_DOWN for whoever cleans up.
ensure_database_runs() {
  require_own_database
  if postgres_runs; then return 0; fi
  lock_env "$ENV_NAME"
  ensure_cluster
  start_postgres
  # shellcheck disable=SC2034 # read by the scripts
  POSTGRES_WAS_DOWN=yes
}

# flyway_version <database>: of its schema; empty for a database without one. Its tables may come from a backup.
flyway_version() {
  local version
  [[ "$(sql "$1" <<<"select to_regclass('public.flyway_schema_history') is not null")" == t ]] || return 0
  version="$(sql "$1" <<<'select version from flyway_schema_history where success and version is not null order by installed_rank desc limit 1')"
  [[ "$version" =~ ^[0-9]{0,6}$ ]] || die "the schema of the database $1 has no number"
  printf '%s' "$version"
}

# newest_schema: that this checkout's Ganymede knows.
newest_schema() {
  find "$REPO_ROOT/src/main/resources/db/migration" -name 'V*__*.sql' -printf '%f\n' | sed 's/^V\([0-9]*\)__.*/\1/' | sort -n | tail -n 1
}

# hold_snapshot: one instant of the database, for as long as HOLDER runs; sets SNAPSHOT.
hold_snapshot() {
  coproc HOLDER { sql ganymede; }
  SNAPSHOT=''
  printf '%s\n' 'set idle_in_transaction_session_timeout = 0;' 'begin isolation level repeatable read read only;' \
    'select pg_export_snapshot();' >&"${HOLDER[1]}"
  read -r -t 30 -u "${HOLDER[0]}" SNAPSHOT || die "the database gives no snapshot"
  [[ "$SNAPSHOT" =~ ^[0-9A-F-]+$ ]] || die "the database gives no snapshot: $SNAPSHOT"
}

release_snapshot() {
  [[ -n "${HOLDER_PID:-}" ]] || return 0
  local pid="$HOLDER_PID" input="${HOLDER[1]}"
  exec {input}>&-
  wait "$pid" 2>/dev/null || true
  SNAPSHOT=''
}

# at_snapshot <database>: the statements of the standard input, in the snapshot that is held, or now when there is none.
at_snapshot() {
  {
    printf 'begin isolation level repeatable read read only;\n'
    [[ -z "${SNAPSHOT:-}" ]] || printf "set transaction snapshot '%s';\n" "$SNAPSHOT"
    cat
  } | sql "$1"
}

# tables_of <database>: name, rows and checksum of each.
tables_of() { at_snapshot "$1" <"$SCRIPTS_DIR/lib/backup-tables.sql" | tr '|' '\t'; }

counts_of() {
  at_snapshot "$1" <<'SQL'
select json_build_object(
    'organizations', (select count(*) from organization), 'projects', (select count(*) from project),
    'versions', (select count(*) from snapshot), 'blobs', (select count(*) from blob),
    'bytes', (select coalesce(sum(size_bytes), 0) from blob));
SQL
}

# dump_database <directory>: database.dump, tables.tsv and manifest.json, all of one instant.
dump_database() {
  local flyway
  flyway="$(flyway_version ganymede)"
  ((${flyway:-0} >= BACKUP_OLDEST_SCHEMA)) ||
    die "the database has the schema of an earlier version (${flyway:-none}): start this Ganymede once, which brings it up to date"
  hold_snapshot
  "$(postgres_bin)/pg_dump" --host="$(postgres_socket_dir)" --port="$DATABASE_PORT" --username=postgres --no-password \
    --format=custom --compress=1 --snapshot="$SNAPSHOT" --file="$1/database.dump" ganymede
  tables_of ganymede >"$1/tables.tsv"
  jq --null-input --argjson format "$BACKUP_FORMAT" --arg ganymede "$(ganymede_version)" --arg environment "$ENV_NAME" --arg domain "$DOMAIN" \
    --arg flyway "$flyway" --arg taken "$(date --utc +%FT%TZ)" --arg postgres "$(sql ganymede <<<'show server_version')" \
    --argjson counts "$(counts_of ganymede)" \
    '{format: $format, ganymede: $ganymede, environment: $environment, domain: $domain, flyway: $flyway, taken_at: $taken, postgres: $postgres, counts: $counts}' \
    >"$1/manifest.json"
  release_snapshot
}

# ganymede_version: of this checkout.
ganymede_version() { sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$REPO_ROOT/pom.xml" | head -n 1; }

# database_exists <name>: yes or no; fails when PostgreSQL does not say.
database_exists() { sql postgres <<<"select case when exists (select from pg_database where datname = '$1') then 'yes' else 'no' end"; }

drop_database() { sql postgres <<<"set client_min_messages = warning; drop database if exists $1 with (force)"; }

# fill_database <name> <dump>: a database of that name, which belongs to Ganymede; there was none before.
fill_database() {
  sql postgres <<<"create database $1 owner ganymede template template0 encoding 'UTF8' locale 'C.UTF-8'; revoke all on database $1 from public"
  # What is lost with the machine is filled again: no need to wait for the disk at each step.
  PGOPTIONS='-c synchronous_commit=off' "$(postgres_bin)/pg_restore" --host="$(postgres_socket_dir)" --port="$DATABASE_PORT" --username=postgres --no-password \
    --exit-on-error --single-transaction --no-owner --no-privileges --role=ganymede --dbname="$1" "$2" || {
    fail "PostgreSQL cannot restore the dump"
    return 1
  }
}

# check_database <name> <opened backup>: every table is what was dumped, and what is in it is whole. Fails otherwise.
check_database() {
  local differing problems known
  tables_of "$1" >"$2.tables" || return 1
  differing="$(diff "$2/tables.tsv" "$2.tables" | sed -n "s/^[<>] //p" | cut -f 1 | sort -u)" || true
  rm -f -- "$2.tables"
  if [[ -n "$differing" ]]; then
    fail "these tables are not what was dumped: ${differing//$'\n'/, }"
    return 1
  fi
  say "$(wc -l <"$2/tables.tsv") tables are what was dumped, row by row"
  problems="$(at_snapshot "$1" <"$SCRIPTS_DIR/lib/backup-integrity.sql")" || return 1
  known="$(grep -c '(known since ' <<<"$problems")" || true
  if ((known > 0)); then warn "$known blobs were known to be damaged when the backup was taken; it holds them as they were"; fi
  problems="$(grep -v -e '(known since ' -e '^$' <<<"$problems")" || true
  if [[ -n "$problems" ]]; then
    fail "what the database holds is damaged:"
    head -n 20 <<<"$problems" | while IFS= read -r line; do fail "  $line"; done
    return 1
  fi
  say "every blob has its SHA-256, every version its digest"
}

# try_backup <opened backup>: really restores it, into a database of its own that is dropped again, and compares.
try_backup() {
  local name="ganymede_verify_$$" result=0
  drop_left_over_databases 'ganymede_verify_%'
  say "restoring into the database $name"
  { fill_database "$name" "$1/database.dump" && check_database "$name" "$1"; } || result=1
  drop_database "$name"
  if ! authority_belongs "$1/certificates"; then
    fail "the authority's key is not that of its certificate"
    result=1
  fi
  return "$result"
}

# drop_left_over_databases <like pattern>: of scripts that were killed. Whoever calls holds the lock of those names.
drop_left_over_databases() {
  local name
  sql postgres <<<"select datname from pg_database where datname like '${1//_/\\_}'" | while IFS= read -r name; do drop_database "$name"; done
}

# lock_verification: one at a time in an environment, so that what lies around is left over and not in use.
lock_verification() {
  exec {verification_lock}<"$ENV_DIR/run"
  flock --timeout 900 "$verification_lock" || die "another verification has been running in $ENV_NAME for 15 minutes"
}

# jump_generations <database>: no generation is given twice, though the database is older than what was given since. The
# jump starts above everything that any database of Ganymede in this cluster has given, so that restoring the same backup again
# jumps further. A gateway of before keeps its generation, and its pushes are refused by the series.
jump_generations() {
  local name highest=0 found
  for name in $(sql postgres <<<"select datname from pg_database where datname = 'ganymede' or datname like 'ganymede\_before\_%' or datname = '$1'"); do
    [[ -n "$(flyway_version "$name")" ]] || continue
    found="$(sql "$name" <<<'select coalesce(max(generation), 0) from organization')"
    ((found <= highest)) || highest="$found"
  done
  GENERATION=$((highest + GENERATION_JUMP))
  sql "$1" <<SQL
begin;
update organization set generation = $GENERATION;
update snapshot_series set generation = $GENERATION, arrival = 0, sequence = null;
commit;
SQL
}
readonly GENERATION_JUMP=1000000

# swap_databases <new> <name for the old>: in one step. Nobody may be connected to either.
swap_databases() {
  sql postgres <<SQL
select pg_terminate_backend(pid) from pg_stat_activity where datname in ('ganymede', '$1') \g /dev/null
begin;
alter database ganymede rename to $2;
alter database $1 rename to ganymede;
commit;
revoke all on database ganymede from public;
SQL
}
