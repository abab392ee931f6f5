package dev.ganymede.edge.nginx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that one change writes or removes, in this order, and what stood in them.
 *
 * @param before contents by name; may have others, too
 */
record FileEdits(Map<String, String> before, List<FileEdit> edits) {

    /** What turns the files as they are into the files as they should be; see {@link FileEdit#between}. */
    static FileEdits between(Map<String, String> current, Map<String, Optional<String>> wanted) {
        return new FileEdits(current, FileEdit.between(current, wanted));
    }

    /** What brings back what stood before. */
    FileEdits inverse() {
        Map<String, String> after = new LinkedHashMap<>();
        edits.forEach(edit -> edit.content().ifPresent(content -> after.put(edit.name(), content)));
        return new FileEdits(
                after, edits.stream().map(edit -> edit.inverse(before)).toList());
    }

    /** The same with one file more, which goes first. */
    FileEdits following(FileEdit first, Optional<String> itsContent) {
        Map<String, String> all = new LinkedHashMap<>(before);
        itsContent.ifPresent(content -> all.put(first.name(), content));
        List<FileEdit> longer = new ArrayList<>();
        longer.add(first);
        longer.addAll(edits);
        return new FileEdits(all, longer);
    }

    boolean areEmpty() {
        return edits.isEmpty();
    }

    boolean areOfRoutesOnly() {
        return edits.stream().allMatch(edit -> RouteFile.isOurs(edit.name()));
    }
}
