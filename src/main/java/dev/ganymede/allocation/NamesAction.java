package dev.ganymede.allocation;

import dev.ganymede.id.OrganizationId;

/** One repair of one organization's names; idempotent, and judged again by the database when its turn comes. */
sealed interface NamesAction {

    OrganizationId organization();

    /** Why, for operators. */
    String reason();

    /** Its records point at our address. */
    record PublishRecords(OrganizationId organization, String reason) implements NamesAction {}

    /** Its records are written as they should stand, whatever stands there. */
    record RewriteRecords(OrganizationId organization, String reason) implements NamesAction {}

    /** Its route leads to the gateway of its live allocation. */
    record PublishRoute(OrganizationId organization, String reason) implements NamesAction {}

    /** It has no records. */
    record WithdrawRecords(OrganizationId organization, String reason) implements NamesAction {}

    /** It has no route. */
    record WithdrawRoute(OrganizationId organization, String reason) implements NamesAction {}
}
