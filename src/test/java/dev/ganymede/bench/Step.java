package dev.ganymede.bench;

/** What is done with a snapshot, in this order. */
enum Step {
    FIRST("first push"),
    CHANGED("push, 1 project changed"),
    UNCHANGED("push, unchanged"),
    PULL("pull");

    private final String title;

    Step(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
