package dev.ganymede.bench.start;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All that one run measured.
 *
 * @param served organizations at {@code many}
 * @param fillPerSecond starts each second until that many were served
 */
record Results(
        int served,
        Seed seed,
        Times few,
        Times many,
        double fillPerSecond,
        Starts.Burst burst,
        Starts.Sustained sustained,
        Idle idle) {

    /** Ganymede with all of them served and nobody doing anything. */
    record Idle(long residentMib, double cores, double restartSeconds) {}

    /** Starts by the seed's flow. */
    record Seed(Times few, Times many) {}

    Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("served", served);
        json.put("seed_few", seed.few().asJson());
        json.put("seed_many", seed.many().asJson());
        json.put("start_few", few.asJson());
        json.put("start_many", many.asJson());
        json.put("fill_per_second", fillPerSecond);
        json.put("burst", burst.times().asJson());
        json.put("burst_failed", burst.failed());
        json.put("sustained_per_second", sustained.startsPerSecond());
        json.put("sustained_failed", sustained.failed());
        json.put("resident_mib", idle.residentMib());
        json.put("idle_cores", idle.cores());
        json.put("restart_seconds", idle.restartSeconds());
        return json;
    }
}
