package dev.ganymede.gateway;

/** What an operator may order for one gateway; it stands in the row ({@link Orders}) until it is carried out. */
public enum Order {
    /** No new organization comes to it. */
    CORDON("cordoned = true"),
    /** It takes organizations again; what was ordered and not begun is off. */
    UNCORDON("cordoned = false, recycle = false"),
    /** Its container is replaced; an organization that it serves is moved first. */
    RECYCLE("recycle = true"),
    /** Both: it is emptied, and stays empty. */
    DRAIN("cordoned = true, recycle = true");

    private final String change;

    Order(String change) {
        this.change = change;
    }

    /** As the {@code set} of an update. */
    String change() {
        return change;
    }
}
