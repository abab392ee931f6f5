package dev.ganymede.allocation;

import dev.ganymede.gateway.Allocation;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Log lines about one tenancy, with organization, gateway and generation as fields of their own. */
final class TenancyLog {

    private static final Logger LOG = Logger.getLogger("dev.ganymede.allocation");

    private TenancyLog() {}

    static void info(Allocation allocation, String message) {
        with(allocation, () -> LOG.info(message));
    }

    static void warn(Allocation allocation, String message) {
        with(allocation, () -> LOG.warn(message));
    }

    private static void with(Allocation allocation, Runnable line) {
        MDC.put("organization", allocation.organization().toString());
        MDC.put("gateway", allocation.gateway().toString());
        MDC.put("generation", allocation.generation().toString());
        try {
            line.run();
        } finally {
            MDC.remove("organization");
            MDC.remove("gateway");
            MDC.remove("generation");
        }
    }
}
