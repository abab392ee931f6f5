package dev.ganymede.bench;

import dev.ganymede.bench.Plan.Shape;
import dev.ganymede.bench.Side.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * All sides with snapshots of one shape: side by side in every step of every round, and another one first each time, so that what slows the machine down for a
 * while slows all of them.
 */
final class Rounds {

    private final Shape shape;
    private final List<Side> sides;
    private final Database database;
    private final Random which = new Random();
    private final Map<Side, Content> contents = new LinkedHashMap<>();
    private final Map<Step, Map<Side, Figure>> figures = new EnumMap<>(Step.class);

    Rounds(Shape shape, List<Side> sides, Database database) {
        this.shape = shape;
        this.sides = sides;
        this.database = database;
    }

    Map<Step, Map<Side, Figure>> run() throws Exception {
        for (int round = -shape.warmUps(); round < shape.rounds(); round++) {
            // none falls into a round; what one round has left to write does not slow the next one down
            database.script("checkpoint");
            List<Side> order = new ArrayList<>(sides);
            Collections.rotate(order, round);
            if (round == 0) {
                figures.clear();
            }
            // compiling what a pull runs takes more of the processors than the pull itself, until it is done
            round(order, round < 0 ? shape.warmUpPulls() : 0);
            System.out.println("bench: " + shape.name() + ", round " + (round + 1) + " of " + shape.rounds());
        }
        return figures;
    }

    private void round(List<Side> order, int extraPulls) throws Exception {
        for (Side side : order) {
            side.begin();
            // nobody has it yet, whoever may share it
            contents.put(side, Content.random(shape));
        }
        for (Step step : Step.values()) {
            for (Side side : order) {
                for (int more = step == Step.PULL ? extraPulls : 0; more > 0; more--) {
                    measure(step, side);
                }
                measure(step, side);
            }
        }
    }

    private void measure(Step step, Side side) throws Exception {
        Call call = prepare(step, side);
        System.gc();
        side.memory().forget();
        long begin = System.nanoTime();
        call.run();
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        figures.computeIfAbsent(step, first -> new LinkedHashMap<>())
                .computeIfAbsent(side, first -> new Figure())
                .add(time, side.memory());
        call.check();
    }

    private Call prepare(Step step, Side side) throws Exception {
        if (step == Step.CHANGED) {
            contents.computeIfPresent(side, (same, content) -> content.withOneChanged(which));
        }
        return step == Step.PULL ? side.pull(contents.get(side)) : side.push(contents.get(side));
    }
}
