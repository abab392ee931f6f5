package dev.ganymede.snapshot;

import dev.ganymede.snapshot.BodyWriter.Frame;
import dev.ganymede.snapshot.BodyWriter.Framed;
import dev.ganymede.snapshot.PullStatement.Standing;
import dev.ganymede.snapshot.Turns.Reader;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the gateway of an organization gets when it asks for the data. */
@ApplicationScoped
class Pulls {

    private final PullStatement statement;
    private final VersionReader versions;
    private final BodyWriter bodies;
    private final Claims claims;

    Pulls(PullStatement statement, VersionReader versions, BodyWriter bodies, Claims claims) {
        this.statement = statement;
        this.versions = versions;
        this.bodies = bodies;
        this.claims = claims;
    }

    /** Answers with the head, or the last version before it that is not damaged; null for an organization that has nothing. */
    Uni<Void> head(Claim claim, HttpServerResponse response) {
        return statement.head(claim).chain(found -> allowed(claim, found)).chain(standing -> standing.version()
                .map(head -> bodies.answer(Reader.GATEWAY, response, head, () -> versions.openLastGood(head)
                        .map(opened -> new Framed(opened, frame(standing, standing.lineage(), opened.version())))))
                .orElseGet(() -> nothing(standing, response)));
    }

    /** Answers with that version and no other, and with the lineage that it has itself. */
    Uni<Void> version(Claim claim, long number, HttpServerResponse response) {
        return statement
                .version(claim, number)
                .chain(found -> allowed(claim, found))
                .chain(standing -> {
                    Version version = standing.version().orElseThrow(Manifests::notFound);
                    return bodies.answer(Reader.GATEWAY, response, version, () -> versions.open(version)
                            .map(opened -> new Framed(opened, frame(standing, version.lineage(), version))));
                });
    }

    private static Uni<Void> nothing(Standing standing, HttpServerResponse response) {
        return BodyWriter.done(response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end("{\"success\":true,\"timestamp\":null," + series(standing, standing.lineage())
                        + ",\"data\":null}"));
    }

    private static Frame frame(Standing standing, long lineage, Version given) {
        long head = standing.version().orElseThrow().number();
        return new Frame(
                "{\"success\":true,\"timestamp\":\"" + given.takenAt() + "\",\"version\":" + given.number()
                        + ",\"digest\":\"" + given.digest() + "\""
                        + (given.number() == head ? "" : ",\"damaged\":" + head)
                        + "," + series(standing, lineage) + ",\"data\":",
                "}");
    }

    private static String series(Standing standing, long lineage) {
        return "\"lineage\":" + lineage + ",\"recoverable\":"
                + standing.recoverable().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    private Uni<Standing> allowed(Claim claim, Optional<Standing> found) {
        return found.map(Uni.createFrom()::item).orElseGet(() -> claims.refuse(claim));
    }
}
