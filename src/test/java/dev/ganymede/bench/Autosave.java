package dev.ganymede.bench;

import dev.ganymede.bench.Ganymede.Wire;
import dev.ganymede.bench.Plan.Autosaving;
import dev.ganymede.bench.Side.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Many organizations that save all the time, one project changed each time, at even distances: what that takes of the processors. */
final class Autosave {

    /**
     * What it took.
     *
     * @param ganymedeCores the share of one processor that Ganymede had
     * @param postgresCores the same of PostgreSQL with its children
     */
    record Load(Wire wire, int saves, double ganymedeCores, double postgresCores, Figure saving) {}

    /** An organization, and what its gateway has. */
    private static final class Saver {

        private final Ganymede ganymede;
        private Content content;

        Saver(Ganymede ganymede, Content content) {
            this.ganymede = ganymede;
            this.content = content;
        }
    }

    private final Autosaving plan;
    private final Settings settings;
    private final Memory memory;
    private final Random which = new Random();

    Autosave(Autosaving plan, Settings settings, Memory memory) {
        this.plan = plan;
        this.settings = settings;
        this.memory = memory;
    }

    Load run(Wire wire, Supplier<Ganymede> gateways) throws Exception {
        List<Saver> savers = new ArrayList<>();
        for (int i = 0; i < plan.organizations(); i++) {
            Saver saver = new Saver(gateways.get(), Content.random(plan.shape()));
            saver.ganymede.begin();
            saver.ganymede.push(saver.content).run();
            savers.add(saver);
        }
        Duration distance = plan.every().dividedBy(plan.organizations());
        int saves = (int) plan.lasting().dividedBy(distance);
        // as long as it takes the machine to come to rest, and the paths to get warm
        save(savers, saves / 6, distance);
        memory.forget();
        Duration ganymede = Cpu.of(settings.ganymedePid());
        Duration postgres = Cpu.ofFamily(settings.postgresPid());
        long begin = System.nanoTime();
        Figure saving = save(savers, saves, distance);
        double elapsed = System.nanoTime() - begin;
        return new Load(
                wire,
                saves,
                Cpu.of(settings.ganymedePid()).minus(ganymede).toNanos() / elapsed,
                Cpu.ofFamily(settings.postgresPid()).minus(postgres).toNanos() / elapsed,
                saving);
    }

    private Figure save(List<Saver> savers, int saves, Duration distance) throws Exception {
        Figure saving = new Figure();
        long begin = System.nanoTime();
        for (int i = 0; i < saves; i++) {
            Saver saver = savers.get(i % savers.size());
            saver.content = saver.content.withOneChanged(which);
            Call call = saver.ganymede.push(saver.content);
            waitUntil(begin + distance.multipliedBy(i).toNanos());
            long called = System.nanoTime();
            call.run();
            saving.add(Duration.ofNanos(System.nanoTime() - called), Memory.NONE);
        }
        waitUntil(begin + distance.multipliedBy(saves).toNanos());
        saving.peaked(memory);
        return saving;
    }

    private static void waitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
