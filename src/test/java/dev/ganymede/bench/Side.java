package dev.ganymede.bench;

/** One way to keep snapshots. Everything that a caller has ready before it calls is prepared before the clock runs. */
interface Side {

    String name();

    /** From now on for an organization of which nothing is stored. */
    void begin() throws Exception;

    /** Keeps the content; returned means on disk. */
    Call push(Content content) throws Exception;

    /** Gets back what was kept last. */
    Call pull(Content kept) throws Exception;

    /** Of the process that does the work. */
    Memory memory();

    /** What is measured, and what is looked at after the clock was stopped. */
    interface Call {

        void run() throws Exception;

        default void check() {}
    }

    static void require(boolean fulfilled, String what) {
        if (!fulfilled) {
            throw new IllegalStateException(what);
        }
    }
}
