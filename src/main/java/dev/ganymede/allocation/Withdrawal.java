package dev.ganymede.allocation;

import dev.ganymede.gateway.Allocation;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Takes names away when there is somebody to be answered: in bounded time and without failing, since the reconciler does what is left. */
@ApplicationScoped
class Withdrawal {

    private static final Logger LOG = Logger.getLogger(Withdrawal.class);

    private final Names names;
    private final AllocationConfig config;

    Withdrawal(Names names, AllocationConfig config) {
        this.names = names;
        this.config = config;
    }

    /** The names of the allocation's organization, unless that is live again or waits for another gateway. */
    Uni<Void> after(Allocation ended) {
        return inTime(ended.organization(), names.withdraw(ended));
    }

    /** Likewise, when there is no allocation to tell it of. */
    Uni<Void> of(OrganizationId organization) {
        return inTime(organization, names.withdraw(organization));
    }

    private Uni<Void> inTime(OrganizationId organization, Uni<Void> withdrawal) {
        return withdrawal
                .ifNoItem()
                .after(config.withdrawTimeout())
                .fail()
                .onFailure()
                .invoke(failure -> LOG.warnf(failure, "names of organization %s not withdrawn yet", organization))
                .onFailure()
                .recoverWithNull();
    }
}
