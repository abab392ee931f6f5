package dev.ganymede.dns;

import java.util.regex.Pattern;

/** An IP address, as a record's content: IPv4 dotted quad (A) or IPv6 (AAAA). */
public record HostAddress(String value) {

    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:]{2,39}");

    public HostAddress {
        boolean looksLikeIpv6 =
                value != null && value.contains(":") && IPV6.matcher(value).matches();
        if (value == null || !(IPV4.matcher(value).matches() || looksLikeIpv6)) {
            throw new IllegalArgumentException("not an IP address: " + value);
        }
    }

    /** Type of the record that carries it. */
    public String recordType() {
        return value.contains(":") ? "AAAA" : "A";
    }

    @Override
    public String toString() {
        return value;
    }
}
