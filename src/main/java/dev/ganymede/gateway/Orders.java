package dev.ganymede.gateway;

/**
 * What operators have ordered for one gateway.
 *
 * @param cordoned no new organization comes to it
 * @param recycle its container is to be replaced; an organization that it serves is moved first
 */
public record Orders(boolean cordoned, boolean recycle) {

    public static final Orders NONE = new Orders(false, false);
}
