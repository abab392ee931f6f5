package dev.ganymede.pool;

/**
 * How large the pool may be, as configured or as operators have changed it.
 *
 * @param buffer gateways that are ready beyond those in use
 * @param min members that there are at least
 * @param max members that there are at most; it wins over the other two
 */
record PoolSize(int buffer, int min, int max) {

    /** Members wanted (DESIGN §2): {@code clamp(allocated + queued + buffer, min, max)}. */
    int desired(long allocated, long queued) {
        return (int) Math.min(max, Math.max(min, allocated + queued + buffer));
    }
}
