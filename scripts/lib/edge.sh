# shellcheck shell=bash
# The edge (stage-1 nginx) as a process. Its configuration is Ganymede's alone. Needs common.sh and environment.sh.

edge_log() { printf '%s/logs/nginx.log' "$ENV_DIR"; }

# edge_pid: nginx writes its own pid file; the command line proves that the process is the master of this environment.
edge_pid() {
  local pid command
  { read -r pid <"$EDGE_DIR/nginx.pid"; } 2>/dev/null || return 1
  [[ "$pid" =~ ^[1-9][0-9]*$ ]] || return 1
  command="$({ tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null)" || return 1
  [[ "$command" == *nginx*"$EDGE_DIR/nginx.conf"* ]] || return 1
  printf '%s' "$pid"
}

edge_runs() { edge_pid >/dev/null; }
edge_stopped() { ! edge_runs; }

run_nginx() { "$EDGE_NGINX_BINARY" -p "$EDGE_DIR/" -c "$EDGE_DIR/nginx.conf" "$@"; }

# end_orphaned_workers: a master that was killed leaves workers that go on serving, by the old configuration, and keep the
# ports. Ours are the nginx processes with a log of this environment open and no nginx above them.
end_orphaned_workers() {
  local pid parent
  for pid in $(pgrep --exact nginx); do
    # One that has ended meanwhile (Ganymede has nginx check its configuration) is nobody's worker.
    parent="$(ps -o ppid= -p "$pid" | tr -d ' ')" || continue
    [[ -n "$parent" && "$(cat "/proc/$parent/comm" 2>/dev/null)" != nginx ]] || continue
    if find "/proc/$pid/fd" -lname "$ENV_DIR/*" 2>/dev/null | grep -q .; then kill -TERM "$pid" 2>/dev/null || true; fi
  done
}

# rotate_edge_logs: renames those that are full; an nginx that runs opens them anew, and until then writes into the old.
rotate_edge_logs() {
  local log pid rotated=''
  for log in "$EDGE_DIR"/logs/*.log; do
    if log_is_full "$log"; then
      keep_old_log "$log"
      rotated=1
    fi
  done
  [[ -n "$rotated" ]] || return 0
  if pid="$(edge_pid)"; then kill -USR1 "$pid" 2>/dev/null || true; fi
}

start_edge() {
  if edge_runs; then return 0; fi
  end_orphaned_workers
  rotate_edge_logs
  # A killed nginx leaves its sockets' files, and the next one refuses to start over them.
  rm -f -- "$EDGE_DIR/status.sock" "$EDGE_DIR/control/lua.sock"
  keep_old_log "$(edge_log)"
  run_nginx -t -q >>"$(edge_log)" 2>&1 || {
    last_lines "$(edge_log)"
    die "nginx refuses its configuration $EDGE_DIR/nginx.conf"
  }
  without_lock "$EDGE_NGINX_BINARY" -p "$EDGE_DIR/" -c "$EDGE_DIR/nginx.conf" </dev/null >>"$(edge_log)" 2>&1 || {
    last_lines "$(edge_log)"
    die "nginx does not start"
  }
  wait_for 10 edge_runs || die "nginx started and ended: $(edge_log)"
}

# QUIT lets open answers finish; WebSockets would keep it for ever, so TERM follows.
stop_edge() {
  local pid
  if ! pid="$(edge_pid)"; then
    end_orphaned_workers
    return 0
  fi
  kill -QUIT "$pid" 2>/dev/null || true
  wait_for 3 edge_stopped && return 0
  kill -TERM "$pid" 2>/dev/null || true
  wait_for 10 edge_stopped && return 0
  kill -KILL -- "$pid" 2>/dev/null || true
  wait_for 5 edge_stopped || die "nginx (pid $pid) cannot be stopped"
}
