# shellcheck shell=bash
# What build-images.sh needs to know about images. Sourced, never run.

IMAGES_BASE="debian:bookworm-slim"
IMAGES_LABEL="dev.ganymede.content"
IMAGES_HOST_TRUST="/etc/ssl/certs/ca-certificates.crt"
IMAGES_PULL_SECONDS=10

# Prints one line of progress with the seconds since the script began.
images_say() { printf '[%3ds] %s\n' "${SECONDS}" "$*"; }

images_exists() { docker image inspect "$1" >/dev/null 2>&1; }

# The content hash that an image was built from; empty when there is no such image.
images_label() {
  docker image inspect --format "{{ index .Config.Labels \"${IMAGES_LABEL}\" }}" "$1" 2>/dev/null || true
}

# The id of an image; empty when there is none.
images_id() { docker image inspect --format '{{ .Id }}' "$1" 2>/dev/null || true; }

images_size() { docker image inspect --format '{{ .Size }}' "$1" | awk '{ printf "%d MB", $1 / 1000000 }'; }

# A hash over what goes into an image: names, modes and contents of its directory, and the images below it ($2...).
images_content() {
  local directory="$1"
  shift
  {
    printf '%s\n' "$@"
    (cd "${directory}" && find . -type f ! -path '*/node_modules/*' ! -path './test/*' ! -name '*.md' -printf '%m %p\n' | LC_ALL=C sort)
    (cd "${directory}" && find . -type f ! -path '*/node_modules/*' ! -path './test/*' ! -name '*.md' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
  } | sha256sum | cut -d ' ' -f 1
}

# The build context on standard output: the directory and the certificates that this machine trusts.
images_context() {
  local directory="$1" trust
  trust="$(mktemp -d)"
  if [[ -r "${IMAGES_HOST_TRUST}" ]]; then
    cp "${IMAGES_HOST_TRUST}" "${trust}/host-trust.pem"
  else
    : >"${trust}/host-trust.pem"
  fi
  tar --create --exclude=./node_modules --exclude=./test \
    --mtime='2000-01-01 00:00Z' --owner=0 --group=0 --numeric-owner --sort=name \
    --directory "${directory}" . --directory "${trust}" host-trust.pem
  rm -rf "${trust}"
}

# Builds $2 into the tag $1; further arguments go to `docker build`. The output is shown only when it fails. The
# image that had the tag before is removed unless a container still uses it.
images_build() {
  local tag="$1" directory="$2" output before
  shift 2
  output="$(mktemp)"
  before="$(images_id "${tag}")"
  if ! images_context "${directory}" | docker build --tag "${tag}" "$@" - >"${output}" 2>&1; then
    tail -n 60 "${output}" >&2
    rm -f "${output}"
    printf 'error: building %s failed; the last lines of the build are above\n' "${tag}" >&2
    return 1
  fi
  rm -f "${output}"
  if [[ -n "${before}" && "${before}" != "$(images_id "${tag}")" ]]; then
    docker image rm "${before}" >/dev/null 2>&1 || true
  fi
}

images_pull_base() { timeout "${IMAGES_PULL_SECONDS}" docker pull --quiet "${IMAGES_BASE}" >/dev/null 2>&1; }

# Makes the Debian base image without a registry: a minimal system from the packages themselves.
images_bootstrap_base() {
  if ! command -v mmdebstrap >/dev/null; then
    images_say "installing mmdebstrap"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
  fi
  # The options are those of the official slim image: no manuals, no translations, no fsync for each file.
  mmdebstrap --quiet --variant=minbase \
    --aptopt='Acquire::Languages "none"' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt=force-unsafe-io \
    bookworm - | docker import --change 'CMD ["bash"]' - "${IMAGES_BASE}" >/dev/null
}
