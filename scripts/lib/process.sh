# shellcheck shell=bash
# Processes that we start in the background. A pid file holds "<pid> <start time>": a pid alone may have been given to
# somebody else's process since, and that one must never get our signal.

# process_start_time <pid>: clock ticks after boot (field 22 of its stat file); fails when there is no such process.
process_start_time() {
  local stat fields
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The command's name, in parentheses, may contain anything: count the fields after the last ')'. A zombie has ended.
  read -ra fields <<<"${stat##*) }"
  [[ "${fields[0]}" != Z ]] || return 1
  printf '%s' "${fields[19]}"
}

# running_pid <pid file>: prints the pid when the file's process still is the one that we started.
running_pid() {
  local pid started
  { read -r pid started <"$1"; } 2>/dev/null || return 1
  [[ "$pid" =~ ^[1-9][0-9]*$ && "$(process_start_time "$pid")" == "$started" ]] || return 1
  printf '%s' "$pid"
}

is_running() { running_pid "$1" >/dev/null; }
not_running() { ! is_running "$1"; }

# start_process <pid file> <log> <command...>: in the background, in a session of its own, without our standard input or
# the locks that we hold.
start_process() {
  local pid_file="$1" log="$2" pid
  shift 2
  (
    if [[ -n "${ENV_LOCK_FD:-}" ]]; then exec {ENV_LOCK_FD}>&-; fi
    exec setsid -- "$@"
  ) </dev/null >>"$log" 2>&1 &
  pid=$!
  disown "$pid"
  printf '%s %s\n' "$pid" "$(process_start_time "$pid" || true)" >"$pid_file"
}

# stop_process <pid file> <name> <seconds>: SIGTERM, and SIGKILL when the process has not ended in time.
stop_process() {
  local pid_file="$1" name="$2" grace_seconds="$3" pid
  if pid="$(running_pid "$pid_file")"; then
    kill -TERM "$pid" 2>/dev/null || true
    if ! wait_for "$grace_seconds" not_running "$pid_file"; then
      warn "$name (pid $pid) did not end within $grace_seconds s; killing it"
      kill -KILL "$pid" 2>/dev/null || true
      wait_for 5 not_running "$pid_file" || die "$name (pid $pid) cannot be killed"
    fi
  fi
  rm -f -- "$pid_file"
}

readonly LOG_LIMIT_BYTES=$((10 * 1024 * 1024))

log_is_full() {
  local size_bytes
  size_bytes="$(stat -c %s -- "$1" 2>/dev/null || echo 0)"
  ((size_bytes >= LOG_LIMIT_BYTES))
}

# keep_old_log <file>: a log that has grown past 10 MB starts anew; the one before is kept. For a log that is not open.
keep_old_log() {
  if log_is_full "$1"; then mv -f -- "$1" "$1.1"; fi
}

# shorten_log <file>: the same for a log that a process goes on appending to; its last 10 MB are kept. Lines written
# between the two commands are lost.
shorten_log() {
  log_is_full "$1" || return 0
  tail --bytes="$LOG_LIMIT_BYTES" -- "$1" >"$1.1"
  : >"$1"
}

# port_in_use <address> <port> <tcp|udp>: something listens there, or on that port of every address.
port_in_use() {
  local flag=-Hltn
  [[ "$3" == tcp ]] || flag=-Hlun
  ss "$flag" | awk -v address="$1" -v port="$2" '
    { n = split($4, part, ":"); p = part[n]; a = substr($4, 1, length($4) - length(p) - 1); sub(/%.*/, "", a) }
    p == port && (a == address || a == "0.0.0.0" || a == "*" || a == "[::]") { found = 1 }
    END { exit !found }'
}

# free_port <address> <preferred> <tcp|udp|both>: the preferred port, or the next one that is free on that address.
free_port() {
  local port protocol taken
  for ((port = $2; port < $2 + 200 && port < 65536; port++)); do
    taken=0
    for protocol in tcp udp; do
      [[ "$3" == both || "$3" == "$protocol" ]] || continue
      if port_in_use "$1" "$port" "$protocol"; then taken=1; fi
    done
    if ((taken == 0)); then
      printf '%s' "$port"
      return 0
    fi
  done
  die "no free $3 port from $2 on at $1"
}
