package dev.ganymede.gateway;

/** Why an allocation ended. */
public enum EndReason {
    /** The gateway left by itself: inactivity, or it was asked to. */
    STOPPED_BY_GATEWAY,
    /** An operator stopped it and the gateway did not answer in its grace. */
    STOPPED_BY_OPERATOR,
    /** The gateway did not complete the handshake. */
    HANDSHAKE_FAILED,
    /** The organization's data can't be loaded, by no gateway. */
    DATA_UNREADABLE,
    /** DNS or the edge could not be written. */
    PUBLISH_FAILED,
    /** The start's time budget was spent. */
    HANDSHAKE_EXPIRED,
    /** The process that made the handshake is gone. */
    HANDSHAKE_ABANDONED,
    /** The container is gone, or hangs. */
    GATEWAY_LOST,
    /** Its gateway was drained or recycled; the organization is served by another one. */
    MOVED,
    /** Its gateway was told to end by nobody here: the engine is restarted, or somebody's hand. */
    TERMINATED,
    /** Its gateway gave no sign of life for too long. */
    SILENT;

    /** True when nothing speaks against the gateway; otherwise its container is suspect. */
    public boolean orderly() {
        return switch (this) {
            case STOPPED_BY_GATEWAY,
                    STOPPED_BY_OPERATOR,
                    HANDSHAKE_ABANDONED,
                    DATA_UNREADABLE,
                    PUBLISH_FAILED,
                    MOVED,
                    TERMINATED -> true;
            case HANDSHAKE_FAILED, HANDSHAKE_EXPIRED, GATEWAY_LOST, SILENT -> false;
        };
    }

    /** True when the organization did not want to stop: it is served again by another gateway. */
    public boolean revives() {
        return this == GATEWAY_LOST || this == MOVED || this == TERMINATED;
    }
}
