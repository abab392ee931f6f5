# shellcheck shell=bash
# A backup: one tar file. What is in it, how it is written and opened, which of them stay. Needs common.sh.
#
#   manifest.json  format, environment, versions, when, how much
#   tables.tsv     every table: rows and a checksum of what is in them
#   database.dump  pg_dump's custom format; of the same instant as the two above
#   settings/      .env.ganymede
#   certificates/  authority, signing key, issued certificates; owners and modes as they were
#   SHA256SUMS     of all of these

readonly BACKUP_FORMAT=1
# shellcheck disable=SC2034 # used by backup.sh
readonly BACKUP_ROOT=/var/backups/ganymede
readonly BACKUP_SETTINGS=settings/.env.ganymede

# In milliseconds, so that two of them never have one name, and so that their names sort by age.
backup_name() { printf 'ganymede-%s-%s.tar' "$1" "$(date --utc +%Y%m%dT%H%M%S%3NZ)"; }

# backups_of <directory> <env>: the newest first; of that environment only, not of one whose name begins like it.
backups_of() {
  find "$1" -maxdepth 1 -type f -regextype posix-extended -regex ".*/ganymede-$2-[0-9]{8}T[0-9]{9}Z\.tar" | LC_ALL=C sort --reverse
}

# keep_backups <directory> <env> <count>: removes all but the newest.
keep_backups() {
  local files
  mapfile -t files < <(backups_of "$1" "$2")
  ((${#files[@]} > $3)) || return 0
  rm -f -- "${files[@]:$3}"
  say "$3 backups of $2 are kept, $((${#files[@]} - $3)) older ones are removed"
}

# stage_files <directory>: settings and certificates, without lock files and drafts of files that are being written.
stage_files() {
  mkdir -p "$1/settings" "$1/certificates"
  cp --preserve=mode,ownership,timestamps -- "$ENV_FILE" "$1/$BACKUP_SETTINGS"
  [[ -d "$CERTIFICATE_DIR" ]] || return 0
  cp --archive --dereference -- "$CERTIFICATE_DIR/." "$1/certificates/"
  find "$1/certificates" -mindepth 1 -name '.*' -prune -exec rm -rf -- {} +
}

# members_of <directory>: its files except the list of their sums.
members_of() { (cd "$1" && find . -type f ! -path ./SHA256SUMS -printf '%P\n' | LC_ALL=C sort); }

seal_backup() {
  (cd "$1" && find . -type f ! -path ./SHA256SUMS -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum) >"$1.sums"
  mv -- "$1.sums" "$1/SHA256SUMS"
}

# pack_backup <directory> <file>: whole or absent, whenever it is cut short; nobody else can read it.
pack_backup() {
  local draft="$2.partial"
  seal_backup "$1"
  (umask 077 && tar --create --format=posix --sort=name --directory="$1" --file="$draft" \
    SHA256SUMS manifest.json tables.tsv settings certificates database.dump)
  sync -- "$draft"
  mv -f -- "$draft" "$2"
  sync -- "$(dirname "$2")"
}

# unpack_backup <file> <empty directory>: ends unless every file is exactly what was packed. It may come from anywhere, so
# nothing of it is believed before.
unpack_backup() {
  [[ -f "$1" ]] || die "there is no backup $1"
  tar --extract --file="$1" --directory="$2" 2>"$2.log" || refuse_backup "$1" "not a whole tar file: $(tail -n 1 "$2.log")"
  [[ -z "$(find "$2" -mindepth 1 ! -type f ! -type d -print -quit)" ]] || refuse_backup "$1" "it holds more than files and directories"
  [[ -s "$2/SHA256SUMS" && -s "$2/manifest.json" && -s "$2/tables.tsv" && -s "$2/database.dump" && -s "$2/$BACKUP_SETTINGS" ]] ||
    refuse_backup "$1" "a part of it is missing"
  (cd "$2" && sha256sum --check --strict --quiet SHA256SUMS) >"$2.log" 2>&1 || refuse_backup "$1" "$(head -n 1 "$2.log")"
  diff <(members_of "$2") <(cut -c 67- "$2/SHA256SUMS" | LC_ALL=C sort) >"$2.log" || refuse_backup "$1" "its files are not those that were packed"
  rm -f -- "$2.log"
  [[ "$(manifest_value "$2" .format)" == "$BACKUP_FORMAT" ]] || refuse_backup "$1" "its format is not $BACKUP_FORMAT"
  if ! valid_env_name "$(manifest_value "$2" .environment)" || ! valid_domain "$(manifest_value "$2" .domain)"; then
    refuse_backup "$1" "its manifest makes no sense"
  fi
  # Compared as a number, and bash would run what stands in brackets there.
  [[ "$(manifest_value "$2" .flyway)" =~ ^[1-9][0-9]{0,5}$ ]] || refuse_backup "$1" "its schema is no number"
}

refuse_backup() { die "the backup $1 cannot be used: $2"; }

# manifest_value <directory of an opened backup> <jq path>
manifest_value() { jq --raw-output "$2 // empty" "$1/manifest.json" 2>/dev/null; }

# authority_belongs <certificates>: the authority's key is that of its certificate. Without both there is nothing to hold.
authority_belongs() {
  [[ -e "$1/rootCA.pem" || -e "$1/rootCA-key.pem" ]] || return 0
  [[ "$(openssl x509 -in "$1/rootCA.pem" -noout -pubkey 2>&1)" == "$(openssl pkey -in "$1/rootCA-key.pem" -pubout 2>&1)" ]]
}

describe_backup() {
  jq --raw-output '"taken \(.taken_at) from \(.environment) (\(.domain)): Ganymede \(.ganymede), schema \(.flyway), PostgreSQL \(.postgres)",
    "\(.counts.organizations) organizations, \(.counts.versions) versions, \(.counts.blobs) blobs, \(.counts.bytes) bytes of documents"' \
    "$1/manifest.json" | while IFS= read -r line; do say "$line"; done
}
