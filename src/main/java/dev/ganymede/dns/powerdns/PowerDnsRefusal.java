package dev.ganymede.dns.powerdns;

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

    /** The server is not well, or does not accept us at all: another request would fare no better. */
    boolean isAboutServer() {
        return status >= 500 || status == 401 || status == 403;
    }

    /** Something in the request's content is wrong; another part of it might not be. */
    boolean isAboutContent() {
        return status == 400 || status == 413 || status == 422;
    }
}
