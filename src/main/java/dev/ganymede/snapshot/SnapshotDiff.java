package dev.ganymede.snapshot;

import dev.ganymede.snapshot.VersionHistory.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is different between two versions, project by project: first what the later one has, in its order, then what it has lost. */
final class SnapshotDiff {

    private SnapshotDiff() {}

    /** How a project came from one version to the other. */
    enum Change {
        ADDED,
        REMOVED,
        CHANGED,
        SAME
    }

    /** At least one of both is there. */
    record Line(Change change, Optional<Item> from, Optional<Item> to) {

        Item newest() {
            return to.or(() -> from).orElseThrow();
        }
    }

    static List<Line> of(List<Item> from, List<Item> to) {
        Map<String, Item> gone = new LinkedHashMap<>();
        from.forEach(item -> gone.put(item.part().name(), item));
        List<Line> lines = new ArrayList<>();
        for (Item item : to) {
            Optional<Item> earlier = Optional.ofNullable(gone.remove(item.part().name()));
            lines.add(new Line(change(earlier, item), earlier, Optional.of(item)));
        }
        gone.values().forEach(item -> lines.add(new Line(Change.REMOVED, Optional.of(item), Optional.empty())));
        return lines;
    }

    private static Change change(Optional<Item> earlier, Item item) {
        return earlier.map(before -> before.part().sha256().equals(item.part().sha256()) ? Change.SAME : Change.CHANGED)
                .orElse(Change.ADDED);
    }
}
