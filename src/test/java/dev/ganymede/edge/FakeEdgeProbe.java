package dev.ganymede.edge;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Function;

/** Answers what the test says; until told, nothing answers. */
public final class FakeEdgeProbe implements EdgeProbe {

    private volatile Function<OrganizationId, Answer> answers = organization -> {
        throw new EdgeException("no answer from organization " + organization);
    };

    /** A function that throws {@link EdgeException} is an edge that does not answer. */
    public void answer(Function<OrganizationId, Answer> answers) {
        this.answers = answers;
    }

    @Override
    public Uni<Answer> probe(OrganizationId organization, Duration timeout) {
        return Uni.createFrom().item(() -> answers.apply(organization));
    }
}
