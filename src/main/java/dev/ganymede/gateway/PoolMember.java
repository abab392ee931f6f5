package dev.ganymede.gateway;

/**
 * A place in the pool: number N with the name and ports that follow from it (seed 004 "Port Range", "Container Naming").
 *
 * @param slot N, from 0
 */
public record PoolMember(int slot, String name, int httpPort, int vpnPort) {

    /** The last one whose VPN port is below the end of the port numbers, with some left for others. */
    public static final int MAX_SLOT = 15_999;

    private static final int FIRST_HTTP_PORT = 7_100;
    private static final int FIRST_VPN_PORT = 49_100;

    /** The place with this number. */
    public static PoolMember ofSlot(int slot) {
        if (slot < 0 || slot > MAX_SLOT) {
            throw new IllegalArgumentException("no such slot: " + slot);
        }
        return new PoolMember(slot, "gw-pool-" + slot, FIRST_HTTP_PORT + slot, FIRST_VPN_PORT + slot);
    }
}
