package dev.ganymede.container;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.util.Optional;

/**
 * What distinguishes one gateway's container from the next; image, limits and network are the adapter's settings.
 *
 * @param name container name, {@code gw-pool-N}
 * @param life identity of this container's life, kept as a label
 * @param httpPort published on the node, the same inside
 * @param vpnPort UDP, published on the node, the same inside
 * @param image the engine's id of the image; empty: the adapter's configured one
 * @param bootToken secret of this life, handed over in the container's environment; never logged
 */
public record ContainerSpec(
        GatewayId gateway,
        LifeId life,
        String name,
        int httpPort,
        int vpnPort,
        Optional<String> image,
        String bootToken) {

    @Override
    public String toString() {
        return "ContainerSpec[" + name + ", gateway=" + gateway + ", life=" + life + ", http=" + httpPort + ", vpn="
                + vpnPort + "]";
    }
}
