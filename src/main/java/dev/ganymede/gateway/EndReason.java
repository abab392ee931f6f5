package dev.ganymede.gateway;

/** Why an allocation ended. */
public enum EndReason {
    /** The gateway left by itself: inactivity, or it was asked to. */
    STOPPED_BY_GATEWAY,
    /** An operator stopped it and the gateway did not answer in its grace. */
    STOPPED_BY_OPERATOR,
    /** The gateway did not complete the handshake. */
    HANDSHAKE_FAILED,
    /** DNS or the edge could not be written. */
    PUBLISH_FAILED,
    /** The start's time budget was spent, or its process died. */
    HANDSHAKE_EXPIRED,
    /** The container is gone, or hangs. */
    GATEWAY_LOST,
    /** Its gateway was drained or recycled; the organization is served by another one. */
    MOVED,
    /** Its gateway gave no sign of life for too long. */
    SILENT;

    /** True when the gateway left in good order; otherwise its container is suspect. */
    public boolean orderly() {
        return this == STOPPED_BY_GATEWAY || this == STOPPED_BY_OPERATOR || this == PUBLISH_FAILED || this == MOVED;
    }

    /** True when the organization did not want to stop: it is served again by another gateway. */
    public boolean revives() {
        return this == GATEWAY_LOST || this == MOVED;
    }
}
