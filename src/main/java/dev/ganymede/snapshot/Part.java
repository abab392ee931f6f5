package dev.ganymede.snapshot;

import dev.ganymede.id.ProjectId;
import java.util.Optional;

/**
 * One part of a snapshot: which blob is the state of which project.
 *
 * @param project empty: the {@code gateway_state}
 * @param sizeBytes of the blob
 */
record Part(Optional<ProjectId> project, Sha256 sha256, long sizeBytes) {

    static Part ofProject(ProjectId project, Sha256 sha256, long sizeBytes) {
        return new Part(Optional.of(project), sha256, sizeBytes);
    }

    static Part ofGatewayState(Sha256 sha256, long sizeBytes) {
        return new Part(Optional.empty(), sha256, sizeBytes);
    }

    /** How it is called in a digest, and by people. */
    String name() {
        return project.map(ProjectId::toString).orElse(Manifest.GATEWAY_STATE);
    }
}
