# shellcheck shell=bash
# What the tests of backups and restores share: an environment with a PostgreSQL cluster of its own and Ganymede's schema, without
# Docker and without Ganymede. As root.

# shellcheck source=scripts/lib/all.sh
source "$(dirname "${BASH_SOURCE[0]}")/../all.sh"

usage() { printf 'usage: %s\n' "$(basename "$0")"; }

# The users postgres and root both work below it.
SCRATCH="$(mktemp -d /var/tmp/ganymede-test.XXXXXX)"
chmod 0711 "$SCRATCH"
export LOCAL_DEV_DIR="$SCRATCH/environments"
# shellcheck disable=SC2034 # for the tests
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

# make_environment <port>: the first one that its PostgreSQL tries.
make_environment() {
  local key
  [[ "$(id -u)" == 0 ]] || die "this needs root"
  locate_env backup-test
  mkdir -p "$ENV_DIR"/{run,logs,certificates,gateway-pool}
  chmod 0711 "$ENV_DIR" "$ENV_DIR"/{run,logs}
  for key in "${ENV_KEYS[@]}"; do printf -v "$key" none; done
  ENV_NAME=backup-test DOMAIN=backup.test GATEWAY_POOL_SIZE=1 GATEWAY_POOL_MAX=1 GATEWAY_POOL_BUFFER=0 GANYMEDE_REPLICAS=1
  # shellcheck disable=SC2034 # settings are written by name
  LOOPBACK_ADDRESS=127.0.0.1 HOST_ADDRESS=127.0.0.1 CERTIFICATE_DIR="$ENV_DIR/certificates" GATEWAY_LOG_DIR="$ENV_DIR/gateway-pool"
  DATABASE_DIR="$ENV_DIR/postgres" DATABASE_PORT="$(free_port 127.0.0.1 "$1" tcp)"
  GANYMEDE_DB_URL="postgresql://127.0.0.1:$DATABASE_PORT/ganymede"
  for key in GANYMEDE_PORT PDNS_API_PORT DNS_PORT EDGE_HTTP_PORT EDGE_HTTPS_PORT; do printf -v "$key" 1; done
  write_env_file
  load_env backup-test
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=test -days 2 \
    -keyout "$CERTIFICATE_DIR/rootCA-key.pem" -out "$CERTIFICATE_DIR/rootCA.pem" 2>/dev/null
  chmod 0600 "$CERTIFICATE_DIR/rootCA-key.pem"
  touch "$CERTIFICATE_DIR/.lock"
  ensure_cluster
  # Only processes end here, not the machine.
  printf 'fsync = off\n' >>"$DATABASE_DIR/postgresql.conf"
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
insert into snapshot (organization_id, version, lineage, kind, generation, taken_at, confirmed_at, stored_at, digest, size_bytes)
select '$ORGANIZATION', v, 0, 'PUSH', 7, now(), now(), now(), sha256(convert_to(string_agg(coalesce(p.project::text, 'gateway_state') || ':' || encode(sha256(p.data), 'hex') || chr(10), '' order by p.project nulls last), 'UTF8')), 10
from generate_series(1, 2) v cross join (select data, case when data <> '' then ('00000000-0000-0000-0000-' || lpad(octet_length(data)::text, 12, '0'))::uuid end as project from content) p
group by v;
insert into snapshot_part select '$ORGANIZATION', v, row_number() over (partition by v) - 1, case when data <> '' then ('00000000-0000-0000-0000-' || lpad(octet_length(data)::text, 12, '0'))::uuid end, sha256(data), now()
from content, generate_series(1, 2) v;
select setval('push_arrival', 3) \g /dev/null
commit;
SQL
  # shellcheck disable=SC2034 # for the tests
  LARGE="$(sql ganymede <<<"select encode(sha256, 'hex') from blob where data is null")"
}

# tests_done <of what>
tests_done() {
  say "$1: $TESTS_PASSED passed, $TESTS_FAILED failed"
  ((TESTS_FAILED == 0))
}
