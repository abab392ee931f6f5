package dev.ganymede.dns.powerdns;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Challenges of a certificate authority as records of the zone; pure functions. */
final class ChallengeRecords {

    private static final String LABEL = "_acme-challenge.";
    private static final String TYPE = "TXT";
    /** Nobody asks for it but the authority, and the next challenge has other values. */
    private static final int TTL_SECONDS = 1;

    private static final int MAX_VALUES = 20;
    /** Base64url, as RFC 8555 §8.4 has it: nothing that would need to be escaped. */
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    private ChallengeRecords() {}

    static ZoneChange present(String name, Collection<String> values, ZoneNames names) {
        String place = place(name, names);
        List<String> contents =
                values.stream().map(ChallengeRecords::quoted).sorted().toList();
        if (contents.isEmpty() || contents.size() > MAX_VALUES) {
            throw new IllegalArgumentException(contents.size() + " challenges for " + name);
        }
        RrSet challenge = new RrSet(place, TYPE, contents, false);
        return new ZoneChange(place, List.of(challenge.replace(TTL_SECONDS)), List.of());
    }

    static ZoneChange clear(String name, ZoneNames names) {
        String place = place(name, names);
        return new ZoneChange(place, List.of(RrSet.delete(place, TYPE)), List.of());
    }

    /** Whose challenges stand in the zone. */
    static Set<String> standing(List<RrSet> rrsets, ZoneNames names) {
        return rrsets.stream()
                .filter(rrset -> rrset.type().equals(TYPE) && rrset.name().startsWith(LABEL))
                .map(rrset -> rrset.name().substring(LABEL.length()))
                .filter(canonical -> isOurs(canonical, names))
                .map(canonical -> canonical.substring(0, canonical.length() - 1))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String place(String name, ZoneNames names) {
        String canonical = name + ".";
        if (!isOurs(canonical, names)) {
            throw new IllegalArgumentException("not a name of this environment: " + name);
        }
        return LABEL + canonical;
    }

    private static boolean isOurs(String canonical, ZoneNames names) {
        Optional<ZoneNames.Owned> owned = names.parse(canonical);
        return canonical.equals(names.zone())
                || owned.isPresent() && !owned.get().wildcard();
    }

    private static String quoted(String value) {
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("not a challenge's value");
        }
        return '"' + value + '"';
    }
}
