package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;

/** nginx read the configuration and would not load it: something in it is wrong, and nothing with the edge. */
final class RefusedByNginx extends EdgeException {

    private static final long serialVersionUID = 1;

    RefusedByNginx(String words) {
        super("nginx refuses the configuration: " + words);
    }
}
