package dev.ganymede.edge.nginx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One file of the edge's directory to write, or (without content) to remove.
 *
 * @param name relative to the directory
 */
record FileEdit(String name, Optional<String> content) {

    /**
     * What turns the files as they are into the files as they should be, in the order of {@code wanted}, removals last.
     *
     * @param current files that stand, by name
     * @param wanted the files that this change is about, in the order of writing; empty means absent
     */
    static List<FileEdit> between(Map<String, String> current, Map<String, Optional<String>> wanted) {
        List<FileEdit> edits = new ArrayList<>();
        List<FileEdit> removals = new ArrayList<>();
        wanted.forEach((name, content) -> {
            if (!content.equals(Optional.ofNullable(current.get(name)))) {
                (content.isPresent() ? edits : removals).add(new FileEdit(name, content));
            }
        });
        edits.addAll(removals);
        return edits;
    }

    /** The edit that brings back what stood before. */
    FileEdit inverse(Map<String, String> before) {
        return new FileEdit(name, Optional.ofNullable(before.get(name)));
    }

    @Override
    public String toString() {
        // the content may be a key
        return (content.isPresent() ? "write " : "remove ") + name;
    }
}
