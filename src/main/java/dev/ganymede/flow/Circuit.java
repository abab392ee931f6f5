package dev.ganymede.flow;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * What a circuit breaker says of the thing behind it: hand it to {@code onStateChange} and ask it for {@code available()}. Each change is logged once.
 *
 * <p>An open circuit becomes half open by time alone, without any call; from then on the next calls are let through and decide. Thread-safe.
 */
public final class Circuit implements Consumer<CircuitBreakerState> {

    private static final Logger LOG = Logger.getLogger(Circuit.class);

    private final String what;
    private volatile CircuitBreakerState state = CircuitBreakerState.CLOSED;

    /** @param what completes "calls to …" for operators */
    public Circuit(String what) {
        this.what = what;
    }

    /** Calls fail at once, because too many of the last ones have failed. */
    public boolean isOpen() {
        return state == CircuitBreakerState.OPEN;
    }

    @Override
    public void accept(CircuitBreakerState changed) {
        state = changed;
        switch (changed) {
            case OPEN ->
                LOG.warnf("calls to %s keep failing: the next ones fail at once, until it is tried again", what);
            case HALF_OPEN -> LOG.infof("trying %s again", what);
            case CLOSED -> LOG.infof("calls to %s work again", what);
        }
    }
}
