package dev.ganymede.gateway;

import jakarta.inject.Singleton;
import java.security.SecureRandom;

/**
 * Tells this process from others on the same database: while it lives it holds the advisory lock ({@link #LOCK_CLASS}, number) on a session of its own, so
 * that what it had begun is known to be abandoned as soon as it is gone, and not only at a deadline.
 */
@Singleton
public class ProcessMark {

    /** First key of the locks; "GNYM". */
    public static final int LOCK_CLASS = 0x474E594D;

    private final int number = 1 + new SecureRandom().nextInt(Integer.MAX_VALUE - 1);

    /** Second key of the lock; above zero. */
    public int number() {
        return number;
    }
}
