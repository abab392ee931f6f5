package dev.ganymede.snapshot;

import dev.ganymede.timeline.Timeline;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.reflect.Constructor;

/** A timeline that nothing is ever written to; what tells it something never waits for it. */
final class SilentTimeline {

    private SilentTimeline() {}
}
