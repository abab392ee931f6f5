package dev.ganymede.timeline;

import dev.ganymede.id.OrganizationId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.enterprise.inject.Vetoed;
import java.time.Clock;
import java.time.Duration;

/** A timeline that keeps nothing, for tests of those who tell it something. */
@Vetoed
public final class SilentTimeline extends Timeline {

    public SilentTimeline(Clock clock) {
        super(null, new Settings(), clock, new SimpleMeterRegistry());
    }

    @Override
    public void noted(OrganizationId organization, Stage stage, String reason) {
        // nobody reads it
    }

    private record Settings() implements TimelineConfig {

        @Override
        public Duration keep() {
            return Duration.ofDays(1);
        }

        @Override
        public int keepPerOrganization() {
            return 1;
        }

        @Override
        public int waitingLimit() {
            return 1;
        }
    }
}
