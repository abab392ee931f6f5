package dev.ganymede.dns;

/** The DNS server could not be asked, was too slow, or refused. */
public final class DnsException extends RuntimeException {

    public DnsException(String message, Throwable cause) {
        super(message, cause);
    }

    public DnsException(String message) {
        super(message);
    }
}
