package dev.ganymede.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;

/** {@code ganymede.leader}: 1 for the process that leads. Over all replicas it adds up to 1, for seconds at most to 0. */
@Singleton
class LeadershipMetrics implements MeterBinder {

    private final Leadership leadership;

    LeadershipMetrics(Leadership leadership) {
        this.leadership = leadership;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("ganymede.leader", leadership, one -> one.leads() ? 1 : 0)
                .description("1 for the process that runs the loops")
                .register(registry);
    }
}
