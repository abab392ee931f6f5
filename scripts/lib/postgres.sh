# shellcheck shell=bash
# The environment's own PostgreSQL cluster, run by Debian's binaries as the user postgres. Needs common.sh and environment.sh.
#
# Who gets in: root and postgres over the unix socket as the superuser, the user pdns over it as the role pdns (the kernel
# says who is calling: no password, and no SCRAM on each of PowerDNS' many connections), and Ganymede over TCP on a
# loopback address with its password.

postgres_socket_dir() { printf '%s/run/postgresql' "$ENV_DIR"; }
postgres_log() { printf '%s/logs/postgres.log' "$ENV_DIR"; }

# postgres_bin: the directory of the binaries that fit the cluster; for a new one the newest.
postgres_bin() {
  local version bin
  if [[ -s "$DATABASE_DIR/PG_VERSION" ]]; then
    version="$(<"$DATABASE_DIR/PG_VERSION")"
  else
    version="$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | sort -n | tail -n 1)"
  fi
  bin="/usr/lib/postgresql/$version/bin"
  [[ -n "$version" && -x "$bin/postgres" ]] || die "PostgreSQL ${version:-} is not installed: scripts/setup-all.sh"
  ((version >= 14)) || die "PostgreSQL $version is too old; 14 is the least"
  printf '%s' "$bin"
}

postgres_pid() {
  local pid
  { read -r pid <"$DATABASE_DIR/postmaster.pid"; } 2>/dev/null || return 1
  [[ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" == "$(realpath "$DATABASE_DIR")" ]] || return 1
  printf '%s' "$pid"
}

postgres_runs() { postgres_pid >/dev/null; }

# ensure_cluster: makes the cluster when there is none, and writes its configuration.
ensure_cluster() {
  local bin
  bin="$(postgres_bin)"
  (($(postgres_socket_dir | wc -c) + ${#DATABASE_PORT} + 12 < 107)) ||
    die "the path $(postgres_socket_dir) is too long for a unix socket; choose a shorter LOCAL_DEV_DIR"
  install -d -o postgres -g postgres -m 0755 "$(postgres_socket_dir)"
  if [[ ! -s "$DATABASE_DIR/PG_VERSION" ]]; then
    make_cluster "$bin"
    say "new PostgreSQL cluster in $DATABASE_DIR"
  fi
  configure_cluster
}

make_cluster() {
  mkdir -p -- "$(dirname "$DATABASE_DIR")"
  install -d -o postgres -g postgres -m 0700 "$DATABASE_DIR"
  [[ -z "$(ls -A "$DATABASE_DIR")" ]] || die "$DATABASE_DIR is neither empty nor a PostgreSQL cluster"
  # Into a directory beside it first would need rights there; an initdb that fails removes what it made.
  (cd / && as_user postgres "$1/initdb" --pgdata="$DATABASE_DIR" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=peer --auth-host=scram-sha-256 --data-checksums) >"$ENV_DIR/logs/initdb.log" 2>&1 || {
    last_lines "$ENV_DIR/logs/initdb.log"
    die "the PostgreSQL cluster could not be made"
  }
}

configure_cluster() {
  local settings="$DATABASE_DIR/ganymede.conf"
  cat >"$settings" <<CONF
# Written by create-env.sh.
cluster_name = 'ganymede-$ENV_NAME'
listen_addresses = '$LOOPBACK_ADDRESS'
port = $DATABASE_PORT
unix_socket_directories = '$(postgres_socket_dir)'
password_encryption = 'scram-sha-256'
ssl = off
max_connections = 100
log_line_prefix = '%m [%p] %q%u@%d '
log_timezone = 'UTC'
timezone = 'UTC'
CONF
  cat >"$DATABASE_DIR/pg_hba.conf" <<'CONF'
# Written by create-env.sh.   TYPE  DATABASE  USER  ADDRESS  METHOD
local  all       postgres                peer map=superuser
local  pdns      pdns                    peer
host   ganymede  ganymede  127.0.0.0/8   scram-sha-256
CONF
  cat >"$DATABASE_DIR/pg_ident.conf" <<'CONF'
# Written by create-env.sh.
superuser  root      postgres
superuser  postgres  postgres
CONF
  chown postgres:postgres "$settings" "$DATABASE_DIR/pg_hba.conf" "$DATABASE_DIR/pg_ident.conf"
  grep -qxF "include 'ganymede.conf'" "$DATABASE_DIR/postgresql.conf" ||
    printf "\ninclude 'ganymede.conf'\n" >>"$DATABASE_DIR/postgresql.conf"
}

# pg_control <pg_ctl arguments>
pg_control() {
  (cd / && without_lock setpriv --reuid postgres --regid postgres --init-groups --no-new-privs -- \
    "$(postgres_bin)/pg_ctl" --pgdata="$DATABASE_DIR" --silent "$@") </dev/null
}

# A killed server leaves postmaster.pid, and refuses to start while any process of ours has that pid, be it a zombie.
# Nothing works in the data directory (the server and all its children do, with it as their directory): then it is stale.
forget_killed_postgres() {
  [[ -e "$DATABASE_DIR/postmaster.pid" ]] || return 0
  if find /proc -maxdepth 2 -name cwd -lname "$(realpath "$DATABASE_DIR")" 2>/dev/null | grep -q .; then return 0; fi
  rm -f -- "$DATABASE_DIR/postmaster.pid" "$(postgres_socket_dir)"/.s.PGSQL.*
}

start_postgres() {
  if postgres_runs; then return 0; fi
  forget_killed_postgres
  keep_old_log "$(postgres_log)"
  touch "$(postgres_log)"
  chown postgres:postgres "$(postgres_log)"
  pg_control --log="$(postgres_log)" --wait --timeout=60 start || {
    last_lines "$(postgres_log)"
    die "PostgreSQL does not start"
  }
}

# Fast: ends connections and writes everything out. Immediate only when that takes too long; recovery then replays it.
stop_postgres() {
  if ! postgres_runs; then return 0; fi
  pg_control --mode=fast --wait --timeout=60 stop || pg_control --mode=immediate --wait --timeout=30 stop ||
    die "PostgreSQL (pid $(postgres_pid)) does not stop"
}

# sql <database>: runs the statements of the standard input as the superuser.
sql() {
  psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 \
    --host="$(postgres_socket_dir)" --port="$DATABASE_PORT" --username=postgres --dbname="$1"
}

# ensure_database <name> <owner>
ensure_database() {
  sql postgres <<SQL
SELECT 'CREATE DATABASE $1 OWNER $2' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$1') \gexec
REVOKE ALL ON DATABASE $1 FROM PUBLIC;
SQL
}

# ensure_role <name> [password]
ensure_role() {
  local password=NULL
  [[ -z "${2:-}" ]] || password="'$2'"
  sql postgres <<SQL
SELECT 'CREATE ROLE $1 LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$1') \gexec
ALTER ROLE $1 PASSWORD $password;
SQL
}

# with_postgres <command...>: with the cluster running, and as stopped as it was afterwards.
with_postgres() {
  if postgres_runs; then
    "$@"
  else
    start_postgres
    trap stop_postgres EXIT
    "$@"
    trap - EXIT
    stop_postgres
  fi
}
