package dev.ganymede.dns.powerdns;

import java.util.stream.Stream;

/** PowerDNS understood and said no. */
final class PowerDnsRefusal extends RuntimeException {

    private final int status;

    PowerDnsRefusal(int status, String reason) {
        super("PowerDNS refused with " + status + ": " + reason);
        this.status = status;
    }

    boolean isMissing() {
        return status == 404;
    }

    /** The zone, or what is asked for, exists already. */
    boolean isConflict() {
        return status == 409;
    }

    /** Whether it is about one of these names: PowerDNS says "Record name./A …" or "RRset name. IN A: …". */
    boolean names(Stream<String> canonicalNames) {
        return canonicalNames.anyMatch(name -> getMessage().contains(" " + name));
    }

    /** The server is not well, or does not accept us at all: another request would fare no better. */
    boolean isAboutServer() {
        return status >= 500 || status == 401 || status == 403;
    }

    /** Something in the request's content is wrong; another part of it might not be. */
    boolean isAboutContent() {
        return status == 400 || status == 413 || status == 422;
    }
}
