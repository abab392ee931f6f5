# shellcheck shell=bash
# The whole library, in the order in which its parts need each other.

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/lib/process.sh
source "$SCRIPTS_DIR/lib/process.sh"
# shellcheck source=scripts/lib/packages.sh
source "$SCRIPTS_DIR/lib/packages.sh"
# shellcheck source=scripts/lib/environment.sh
source "$SCRIPTS_DIR/lib/environment.sh"
# shellcheck source=scripts/lib/docker.sh
source "$SCRIPTS_DIR/lib/docker.sh"
# shellcheck source=scripts/lib/postgres.sh
source "$SCRIPTS_DIR/lib/postgres.sh"
# shellcheck source=scripts/lib/backup.sh
source "$SCRIPTS_DIR/lib/backup.sh"
# shellcheck source=scripts/lib/backup-database.sh
source "$SCRIPTS_DIR/lib/backup-database.sh"
# shellcheck source=scripts/lib/restore.sh
source "$SCRIPTS_DIR/lib/restore.sh"
# shellcheck source=scripts/lib/powerdns.sh
source "$SCRIPTS_DIR/lib/powerdns.sh"
# shellcheck source=scripts/lib/service.sh
source "$SCRIPTS_DIR/lib/service.sh"
# shellcheck source=scripts/lib/edge.sh
source "$SCRIPTS_DIR/lib/edge.sh"
# shellcheck source=scripts/lib/api.sh
source "$SCRIPTS_DIR/lib/api.sh"
# shellcheck source=scripts/lib/pool.sh
source "$SCRIPTS_DIR/lib/pool.sh"
# shellcheck source=scripts/lib/snapshots.sh
source "$SCRIPTS_DIR/lib/snapshots.sh"
# shellcheck source=scripts/lib/demo.sh
source "$SCRIPTS_DIR/lib/demo.sh"
