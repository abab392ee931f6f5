package dev.ganymede.snapshot;

import dev.ganymede.snapshot.SnapshotDiff.Line;
import dev.ganymede.snapshot.VersionHistory.Detail;
import dev.ganymede.snapshot.VersionHistory.Item;
import dev.ganymede.snapshot.VersionHistory.Summary;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Versions as operators see them. */
final class HistoryBodies {

    private HistoryBodies() {}

    /** A version at a glance; what nobody pushed has neither generation nor gateway. */
    @Schema(name = "SnapshotVersion")
    record VersionBody(
            long version,
            @Schema(description = "it is what the next pull gives") boolean head,
            VersionKind kind,
            @Schema(nullable = true) Long generation,
            @Schema(nullable = true) UUID gatewayId,
            @Schema(description = "by the gateway's clock") Instant takenAt,
            Instant storedAt,
            long sizeBytes,
            long projects,
            String digest,
            @Schema(description = "counts the restores that it includes") long lineage,
            @Schema(nullable = true) UUID sourceOrganizationId,
            @Schema(nullable = true) Long sourceVersion,
            boolean damaged) {

        static VersionBody of(Summary version) {
            return new VersionBody(
                    version.version(),
                    version.head(),
                    version.kind(),
                    version.origin().map(VersionHistory.Origin::generation).orElse(null),
                    version.origin().map(VersionHistory.Origin::gateway).orElse(null),
                    version.takenAt(),
                    version.storedAt(),
                    version.sizeBytes(),
                    version.projects(),
                    version.digest().hex(),
                    version.lineage(),
                    version.source()
                            .map(source -> source.organization().value())
                            .orElse(null),
                    version.source().map(NewVersion.Source::version).orElse(null),
                    version.damaged());
        }
    }

    /** One page, newest first; {@code next} is the {@code before} of the following one, or null. */
    @Schema(name = "SnapshotVersionPage")
    record PageBody(List<VersionBody> snapshots, @Schema(nullable = true) Long next) {

        static PageBody of(List<Summary> page, int limit) {
            Long next = page.size() < limit ? null : page.get(limit - 1).version();
            return new PageBody(page.stream().map(VersionBody::of).toList(), next);
        }
    }

    /** A version and what it is made of. */
    @Schema(name = "SnapshotManifest")
    record ManifestBody(
            VersionBody snapshot, List<ProjectBody> projects, @Schema(nullable = true) BlobBody gatewayState) {

        static ManifestBody of(Detail version) {
            Optional<Item> gatewayState = version.items().stream()
                    .filter(item -> item.part().project().isEmpty())
                    .findFirst();
            return new ManifestBody(
                    VersionBody.of(version.summary()),
                    version.items().stream()
                            .filter(item -> item.part().project().isPresent())
                            .map(ProjectBody::of)
                            .toList(),
                    gatewayState.map(BlobBody::of).orElse(null));
        }
    }

    /** The state of one project; the name is null when the project does not exist any more. */
    @Schema(name = "SnapshotProject")
    record ProjectBody(
            UUID projectId,
            @Schema(nullable = true) String name,
            String sha256,
            long sizeBytes,
            @Schema(description = "when this content came in") Instant changedAt,
            boolean damaged) {

        static ProjectBody of(Item item) {
            return new ProjectBody(
                    item.part().project().orElseThrow().value(),
                    item.name().orElse(null),
                    item.part().sha256().hex(),
                    item.part().sizeBytes(),
                    item.changedAt(),
                    item.damaged());
        }
    }

    /** Stored content. */
    @Schema(name = "SnapshotBlob")
    record BlobBody(String sha256, long sizeBytes, Instant changedAt, boolean damaged) {

        static BlobBody of(Item item) {
            return new BlobBody(item.part().sha256().hex(), item.part().sizeBytes(), item.changedAt(), item.damaged());
        }
    }

    /** What is different between two versions. */
    @Schema(name = "SnapshotDiff")
    record DiffBody(
            VersionBody from, VersionBody to, List<LineBody> projects, @Schema(nullable = true) LineBody gatewayState) {

        static DiffBody of(Detail from, Detail to) {
            List<Line> lines = SnapshotDiff.of(from.items(), to.items());
            return new DiffBody(
                    VersionBody.of(from.summary()),
                    VersionBody.of(to.summary()),
                    lines.stream()
                            .filter(line -> line.newest().part().project().isPresent())
                            .map(LineBody::of)
                            .toList(),
                    lines.stream()
                            .filter(line -> line.newest().part().project().isEmpty())
                            .findFirst()
                            .map(LineBody::of)
                            .orElse(null));
        }
    }

    /** One project in both; {@code from} is null for one that was added, {@code to} for one that was removed. */
    @Schema(name = "SnapshotDiffLine")
    record LineBody(
            @Schema(nullable = true) UUID projectId,
            @Schema(nullable = true) String name,
            @Schema(enumeration = {"added", "removed", "changed", "same"}) String change,
            @Schema(nullable = true) BlobBody from,
            @Schema(nullable = true) BlobBody to) {

        static LineBody of(Line line) {
            Item item = line.newest();
            return new LineBody(
                    item.part().project().map(project -> project.value()).orElse(null),
                    item.name().orElse(null),
                    line.change().name().toLowerCase(Locale.ROOT),
                    line.from().map(BlobBody::of).orElse(null),
                    line.to().map(BlobBody::of).orElse(null));
        }
    }
}
