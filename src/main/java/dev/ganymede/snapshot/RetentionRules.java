package dev.ganymede.snapshot;

import java.time.Duration;

/**
 * Which versions stay.
 *
 * @param keepAll age up to which every version stays
 * @param keepHourly age up to which the last one of each hour stays
 * @param keepDaily age up to which the last one of each day stays
 * @param versions at most
 */
record RetentionRules(Duration keepAll, Duration keepHourly, Duration keepDaily, int versions) {

    static RetentionRules of(RetentionConfig config) {
        return new RetentionRules(config.keepAll(), config.keepHourly(), config.keepDaily(), config.versions());
    }
}
