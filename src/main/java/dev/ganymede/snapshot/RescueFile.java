package dev.ganymede.snapshot;

import dev.ganymede.id.Generation;
import dev.ganymede.id.LifeId;
import dev.ganymede.id.OrganizationId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Data that a gateway could not push, by what its place and its name say: {@code <gateway>/<life>/unsent-<organization>-<generation>-<time>.json}. Nothing of it is
 * believed before the database confirms it.
 *
 * @param gateway the gateway's name in the pool
 * @param life of the container in whose log directory it lay
 * @param name as the gateway called it
 */
record RescueFile(String gateway, LifeId life, OrganizationId organization, Generation generation, String name) {

    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final String GATEWAY = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";
    private static final String UNSENT = "unsent-(" + UUID + ")-([1-9][0-9]{0,17})-[0-9TZ-]{10,40}\\.json";
    private static final Pattern LEFT_BEHIND = Pattern.compile(UNSENT);
    private static final Pattern TAKEN = Pattern.compile("(" + GATEWAY + ")\\.(" + UUID + ")\\.(" + UNSENT + ")");
    private static final Pattern GATEWAY_NAME = Pattern.compile(GATEWAY);

    /** Where it lay; empty: not a name that a gateway gives. */
    static Optional<RescueFile> leftBehind(String gateway, LifeId life, String name) {
        Matcher matcher = LEFT_BEHIND.matcher(name);
        if (!matcher.matches() || !GATEWAY_NAME.matcher(gateway).matches()) {
            return Optional.empty();
        }
        return Optional.of(of(gateway, life, matcher.group(1), matcher.group(2), name));
    }

    /** By the name that {@link #takenName} gave; empty: not such a name. */
    static Optional<RescueFile> taken(String takenName) {
        Matcher matcher = TAKEN.matcher(takenName);
        return matcher.matches()
                ? Optional.of(of(
                        matcher.group(1),
                        LifeId.parse(matcher.group(2)),
                        matcher.group(4),
                        matcher.group(5),
                        matcher.group(3)))
                : Optional.empty();
    }

    private static RescueFile of(String gateway, LifeId life, String organization, String generation, String name) {
        return new RescueFile(
                gateway, life, OrganizationId.parse(organization), new Generation(Long.parseLong(generation)), name);
    }

    /** What it is called where no gateway reaches it. */
    String takenName() {
        return gateway + "." + life + "." + name;
    }
}
