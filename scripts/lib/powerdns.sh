# shellcheck shell=bash
# The environment's PowerDNS: database, configuration, process. Needs common.sh, environment.sh, postgres.sh, process.sh.

readonly PDNS_SCHEMA=/usr/share/pdns-backend-pgsql/schema/schema.pgsql.sql
readonly PDNS_TEMPLATE="$REPO_ROOT/src/main/resources/templates/pdns/pdns.conf"

pdns_pid_file() { printf '%s/run/pdns.pid' "$ENV_DIR"; }
pdns_log() { printf '%s/logs/pdns.log' "$ENV_DIR"; }

# dns_listen_addresses: where it answers; the environment's loopback address is always among them.
dns_listen_addresses() {
  if [[ "$HOST_ADDRESS" == "$LOOPBACK_ADDRESS" ]]; then
    printf '%s' "$HOST_ADDRESS"
  else
    printf '%s, %s' "$LOOPBACK_ADDRESS" "$HOST_ADDRESS"
  fi
}

# ensure_pdns_database: PowerDNS may change rows, not tables. Its database is derived state, rebuilt from Ganymede's
# allocations, so a commit need not wait for the disk. Ganymede waits five seconds for an answer: what could not be done
# until then should fail rather than be done later, when something newer stands.
ensure_pdns_database() {
  [[ -s "$PDNS_SCHEMA" ]] || die "$PDNS_SCHEMA is missing: is pdns-backend-pgsql installed?"
  ensure_role pdns
  ensure_database pdns postgres
  if [[ "$(sql pdns <<<"SELECT to_regclass('public.records') IS NOT NULL")" != t ]]; then
    { printf 'BEGIN;\n'; cat "$PDNS_SCHEMA"; printf 'COMMIT;\n'; } | sql pdns
  fi
  sql pdns <<'SQL'
GRANT CONNECT ON DATABASE pdns TO pdns;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO pdns;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO pdns;
ALTER ROLE pdns SET synchronous_commit = off;
ALTER ROLE pdns SET statement_timeout = '4s';
ALTER ROLE pdns SET idle_in_transaction_session_timeout = '10s';
SQL
}

render_pdns_conf() {
  local dir="$ENV_DIR/pdns"
  install -d -o root -g pdns -m 0750 "$dir"
  install -d -o pdns -g pdns -m 0750 "$ENV_DIR/run/pdns"
  (umask 077 && render_template "$PDNS_TEMPLATE" "ENV_NAME=$ENV_NAME" "DOMAIN=$DOMAIN" \
    "DATABASE_SOCKET_DIR=$(postgres_socket_dir)" "DATABASE_PORT=$DATABASE_PORT" \
    "DNS_LISTEN_ADDRESSES=$(dns_listen_addresses)" "DNS_PORT=$DNS_PORT" "PDNS_API_KEY=$PDNS_API_KEY" \
    "PDNS_API_ADDRESS=$LOOPBACK_ADDRESS" "PDNS_API_PORT=$PDNS_API_PORT" "RUN_DIR=$ENV_DIR/run/pdns" >"$dir/pdns.conf.new")
  chgrp pdns "$dir/pdns.conf.new"
  chmod 0640 "$dir/pdns.conf.new"
  mv -f -- "$dir/pdns.conf.new" "$dir/pdns.conf"
}

pdns_answers() {
  curl --silent --fail --max-time 2 --output /dev/null -H @<(printf 'X-API-Key: %s\n' "$PDNS_API_KEY") \
    "$PDNS_API_URL/api/v1/servers/localhost"
}

pdns_answers_or_ended() { pdns_answers || not_running "$(pdns_pid_file)"; }

start_pdns() {
  if is_running "$(pdns_pid_file)"; then return 0; fi
  keep_old_log "$(pdns_log)"
  # Never root, not even at the start: the user pdns and the one capability that port 53 needs.
  start_process "$(pdns_pid_file)" "$(pdns_log)" setpriv --reuid pdns --regid pdns --clear-groups --no-new-privs \
    --inh-caps=-all,+net_bind_service --ambient-caps=-all,+net_bind_service --bounding-set=-all,+net_bind_service \
    -- /usr/sbin/pdns_server --config-dir="$ENV_DIR/pdns"
  wait_for 20 pdns_answers_or_ended || true
  pdns_answers || {
    last_lines "$(pdns_log)"
    die "PowerDNS does not answer at $PDNS_API_URL"
  }
}

stop_pdns() { stop_process "$(pdns_pid_file)" PowerDNS 10; }
