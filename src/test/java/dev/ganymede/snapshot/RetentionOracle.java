package dev.ganymede.snapshot;

import dev.ganymede.snapshot.Model.Kept;
import dev.ganymede.snapshot.Model.Organization;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The rules of retention, said once more and in another way: by what a version that goes leaves behind. */
final class RetentionOracle {

    private RetentionOracle() {}

    /**
     * Of the versions {@code before}, what is left of the organization now, and one that is gone: it was allowed to go.
     */
    static boolean mayGo(Model model, Organization left, Map<Long, Kept> before, Kept gone, Instant now) {
        Duration age = Duration.between(gone.storedAt(), now);
        boolean newest = before.keySet().stream().allMatch(number -> number <= gone.number());
        boolean head = left.head.isPresent() && left.head.getAsLong() == gone.number();
        boolean tooYoung = age.compareTo(Duration.ofHours(1)) < 0;
        boolean hourIsEmpty = age.compareTo(Duration.ofDays(1)) < 0 && !covered(model, left, gone, 3_600);
        boolean dayIsEmpty = age.compareTo(Duration.ofDays(30)) < 0 && !covered(model, left, gone, 86_400);
        boolean lastWhole = !model.isDamaged(gone) && model.pullable(left).isEmpty();
        return !newest && !head && !tooYoung && !hourIsEmpty && !dayIsEmpty && !lastWhole;
    }

    /** Something of the same span is left, and in no worse state. */
    private static boolean covered(Model model, Organization left, Kept gone, long seconds) {
        return left.versions.values().stream()
                .filter(kept -> kept.lineage() == gone.lineage())
                .filter(kept -> span(kept, seconds) == span(gone, seconds))
                .anyMatch(kept -> model.isDamaged(gone)
                        || !model.isDamaged(kept) && kept.number() > gone.number()
                        || !model.isDamaged(kept) && model.damaged.size() > 0);
    }

    private static long span(Kept version, long seconds) {
        return Math.floorDiv(version.storedAt().getEpochSecond(), seconds);
    }
}
