package dev.ganymede.id;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The domain of an environment and the names below it (seed 004, "Domain structure"): {@code ganymede.<domain>}, {@code
 * org-<uuid>.<domain>}, {@code uc-<uuid>.org-<uuid>.<domain>}. Names are lower case and without a trailing dot.
 */
public record Domain(String name) {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public Domain {
        name = name == null ? "" : name.toLowerCase(Locale.ROOT);
        // 162: the longest name below it, uc-<uuid>.org-<uuid>., takes 81 of DNS's 253 characters
        if (name.isEmpty() || name.length() > 162) {
            throw new IllegalArgumentException("a domain has 1 to 162 characters: " + name);
        }
        for (String label : name.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException("not a domain: " + name);
            }
        }
    }

    /** Name of Ganymede itself. */
    public String ganymede() {
        return "ganymede." + name;
    }

    /** Public name of an organization's gateway; its user containers live below it. */
    public String organization(OrganizationId organization) {
        return "org-" + organization + "." + name;
    }

    @Override
    public String toString() {
        return name;
    }
}
