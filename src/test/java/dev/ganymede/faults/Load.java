package dev.ganymede.faults;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A mixed load on the organizations: they are started, stopped by the operator, and their gateways told to leave, by several workers at once, each with
 * choices of its own seed. What callers got is counted.
 */
final class Load implements AutoCloseable {

    private static final int WORKERS = 3;
    private static final int MAX_PAUSE_MILLIS = 120;
    private static final int WARM_UP_SECONDS = 5;

    private final World world;
    private final List<UUID> organizations;
    private final Thread[] workers = new Thread[WORKERS];
    /** Workers hold the read lock while they ask; whoever wants quiet takes the write lock. */
    private final ReentrantReadWriteLock quiet = new ReentrantReadWriteLock(true);

    private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final Semaphore effect = new Semaphore(0);
    private volatile boolean closed;

    Load(World world, List<UUID> organizations, long seed) {
        this.world = world;
        this.organizations = organizations;
        pause();
        for (int i = 0; i < WORKERS; i++) {
            Random random = new Random(seed + i);
            workers[i] = new Thread(() -> work(random), "load-" + i);
            workers[i].start();
        }
    }

    /** Returns once no request is under way; none begins until {@link #resume}. By the same thread as that. */
    void pause() {
        quiet.writeLock().lock();
    }

    void resume() {
        effect.drainPermits();
        quiet.writeLock().unlock();
    }

    /** Until something that was asked for since {@link #resume} was done: from here on, all is in motion. Bounded. */
    void awaitEffect() throws InterruptedException {
        effect.tryAcquire(WARM_UP_SECONDS, TimeUnit.SECONDS);
    }

    /** How often each action got each answer. */
    Map<String, Long> answers() {
        Map<String, Long> counted = new TreeMap<>();
        answers.forEach((what, count) -> counted.put(what, count.sum()));
        return counted;
    }

    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) {
            worker.interrupt();
        }
        if (quiet.isWriteLockedByCurrentThread()) {
            resume();
        }
    }

    private void work(Random random) {
        try {
            while (!closed) {
                quiet.readLock().lockInterruptibly();
                try {
                    act(random);
                } finally {
                    quiet.readLock().unlock();
                }
                Thread.sleep(random.nextInt(MAX_PAUSE_MILLIS));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException interrupted) {
            if (!closed) {
                throw interrupted;
            }
        }
    }

    private void act(Random random) {
        UUID organization = organizations.get(random.nextInt(organizations.size()));
        int dice = random.nextInt(100);
        if (dice < 65) {
            count("start", world.api.start(organization));
        } else if (dice < 85) {
            count("stop", world.api.stop(organization));
        } else {
            leave(organization);
        }
    }

    /** As a gateway does that has been idle: it pushes, says goodbye, and ends. */
    private void leave(UUID organization) {
        for (Serving serving : Serving.all(world.database)) {
            if (serving.organization().equals(organization)) {
                Shell.Result told = Shell.attempt(List.of("docker", "kill", "--signal", "TERM", serving.container()));
                count("leave", told.exitCode() == 0 ? "told" : "gone already");
            }
        }
    }

    private void count(String action, Answer answer) {
        count(action, answer.said());
        if (answer.ok()) {
            effect.release();
        }
    }

    private void count(String action, String answer) {
        answers.computeIfAbsent(action + ": " + answer, any -> new LongAdder()).increment();
    }
}
