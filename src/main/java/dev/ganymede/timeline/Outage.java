package dev.ganymede.timeline;

import dev.ganymede.flow.WriteBehind;
import io.micrometer.core.instrument.Counter;
import org.jboss.logging.Logger;

/** Tells the operator of a timeline that can't be written: one line at the begin, one at the end, a metric for what was lost. */
final class Outage implements WriteBehind.Trouble {

    private static final Logger LOG = Logger.getLogger(Timeline.class);

    private final Counter dropped;

    Outage(Counter dropped) {
        this.dropped = dropped;
    }

    @Override
    public void began(Throwable failure) {
        LOG.warnf("the timeline can't be written, entries wait: %s", failure);
    }

    @Override
    public void dropped(int items) {
        dropped.increment(items);
    }

    @Override
    public void ended() {
        LOG.infof("the timeline is written again; %.0f entries were dropped since the start", dropped.count());
    }
}
