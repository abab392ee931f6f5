package dev.ganymede.snapshot;

import dev.ganymede.id.ProjectId;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.snapshot.BlobReceiver.Received;
import dev.ganymede.snapshot.ReceivedPush.ReceivedPart;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the body of a push from its first byte to its last, never as a tree: the projects' states and the {@code gateway_state} pass through to a {@link
 * BlobReceiver}, the rest is small. Whatever is not exactly as it has to be is a {@link Problem} that names the field.
 */
final class PushReader {

    private static final int MAX_FIELDS = 100;
    private static final int MAX_PROJECTS = 10_000;
    private static final int MAX_NAME_BYTES = 1024;
    private static final int MAX_FIELD_BYTES = 1024 * 1024;
    private static final int MAX_REFERENCE_BYTES = 1024;
    private static final int MAX_GATEWAY_STATE_BYTES = 8 * 1024 * 1024;
    private static final String DATA = "data";
    private static final String YJS_STATE = "yjs_state";
    private static final String GATEWAY_STATE = Manifest.GATEWAY_STATE;

    private final JsonStream json;
    private final BlobReceiver blobs;
    private final Map<String, byte[]> fields = new HashMap<>();
    private final List<ReceivedPart> projects = new ArrayList<>();
    private final Set<ProjectId> known = new HashSet<>();
    private Optional<ReceivedPart> gatewayState = Optional.empty();

    private PushReader(InputStream body, BlobReceiver blobs, LargeValues.Turn turn) {
        this.json = new JsonStream(body, turn);
        this.blobs = blobs;
    }

    /** For who reads one body at a time. */
    static ReceivedPush read(InputStream body, BlobReceiver blobs) throws IOException {
        return read(body, blobs, LargeValues.Turn.FREE);
    }

    static ReceivedPush read(InputStream body, BlobReceiver blobs, LargeValues.Turn turn) throws IOException {
        PushReader reader = new PushReader(body, blobs, turn);
        reader.readBody();
        return reader.push();
    }

    private void readBody() throws IOException {
        Set<String> names = new HashSet<>();
        if (json.peek() != '{') {
            throw Problem.invalid("body", "must be a JSON object");
        }
        if (json.object()) {
            do {
                String name = once(names, json.name(MAX_NAME_BYTES));
                if (names.size() > MAX_FIELDS) {
                    throw Problem.invalid("body", "has more than " + MAX_FIELDS + " fields");
                }
                if (name.equals(DATA)) {
                    readData();
                } else {
                    readField(name);
                }
            } while (json.another());
        }
        json.end();
        if (!names.contains(DATA)) {
            throw Problem.invalid(DATA, "is missing");
        }
    }

    /** Fields that nobody knows are checked and forgotten: later gateways may send more. */
    private void readField(String name) throws IOException {
        byte[] value = json.value(MAX_FIELD_BYTES);
        if (PushFields.NAMES.contains(name)) {
            fields.put(name, value);
        }
    }

    /** Here nothing is forgotten: it would be lost. */
    private void readData() throws IOException {
        Set<String> names = new HashSet<>();
        if (json.peek() != '{') {
            throw Problem.invalid(DATA, "must be a JSON object");
        }
        if (!json.object()) {
            return;
        }
        do {
            switch (once(names, json.name(MAX_NAME_BYTES))) {
                case YJS_STATE -> readProjects();
                case GATEWAY_STATE -> readGatewayState();
                default -> throw Problem.invalid(DATA, "may have yjs_state and gateway_state only");
            }
        } while (json.another());
    }

    private void readProjects() throws IOException {
        if (json.peek() != '{') {
            throw Problem.invalid("data.yjs_state", "must be a JSON object");
        }
        if (!json.object()) {
            return;
        }
        do {
            readProject(project(json.name(MAX_NAME_BYTES)));
        } while (json.another());
    }

    private ProjectId project(String name) {
        ProjectId project = parse(name);
        if (!known.add(project)) {
            throw Problem.invalid("data.yjs_state." + project, "is there twice");
        }
        if (known.size() > MAX_PROJECTS) {
            throw Problem.invalid("data.yjs_state", "has more than " + MAX_PROJECTS + " projects");
        }
        return project;
    }

    private static ProjectId parse(String name) {
        try {
            ProjectId project = ProjectId.parse(name);
            if (project.toString().equals(name)) {
                return project;
            }
        } catch (IllegalArgumentException noUuid) {
            // the answer is the same
        }
        throw Problem.invalid("data.yjs_state", "must have projects' ids as keys, canonical UUIDs in lower case");
    }

    private void readProject(ProjectId project) throws IOException {
        String field = "data.yjs_state." + project;
        switch (json.peek()) {
            case '"' -> {
                if (!json.base64(blobs::append)) {
                    throw Problem.invalid(field, "must be base64 with padding (RFC 4648 section 4)");
                }
                Received blob = blobs.end();
                projects.add(new ReceivedPart(Optional.of(project), blob.sha256(), OptionalLong.of(blob.sizeBytes())));
            }
            case '{' -> projects.add(new ReceivedPart(Optional.of(project), reference(field), OptionalLong.empty()));
            default -> throw Problem.invalid(field, "must be a string, or a reference {\"sha256\": …}");
        }
    }

    private Sha256 reference(String field) throws IOException {
        if (!json.object() || !json.name(MAX_NAME_BYTES).equals("sha256") || json.peek() != '"') {
            throw Problem.invalid(field, "must be a string, or a reference {\"sha256\": …}");
        }
        try {
            Sha256 reference = Sha256.parse(json.string(MAX_REFERENCE_BYTES));
            if (json.another()) {
                throw Problem.invalid(field, "must have nothing but sha256");
            }
            return reference;
        } catch (IllegalArgumentException noHash) {
            throw Problem.invalid(field + ".sha256", "must be 64 hexadecimal digits, lower case");
        }
    }

    private void readGatewayState() throws IOException {
        if (json.peek() != '{') {
            throw Problem.invalid("data.gateway_state", "must be a JSON object");
        }
        byte[] state = json.value(MAX_GATEWAY_STATE_BYTES);
        blobs.append(state, state.length);
        Received blob = blobs.end();
        gatewayState =
                Optional.of(new ReceivedPart(Optional.empty(), blob.sha256(), OptionalLong.of(blob.sizeBytes())));
    }

    private String once(Set<String> names, String name) {
        if (!names.add(name)) {
            // a name that is known may be said, another one is content
            throw Problem.of(ProblemType.MALFORMED_JSON, "A name is there twice in one object of the body.");
        }
        return name;
    }

    private ReceivedPush push() throws IOException {
        PushFields known = new PushFields(fields);
        List<ReceivedPart> parts = new ArrayList<>(projects);
        gatewayState.ifPresent(parts::add);
        return new ReceivedPush(
                Input.organizationId("organization_id", known.text("organization_id")),
                Input.gatewayId("gateway_id", known.text("gateway_id")),
                known.takenAt(),
                known.sequence(),
                known.recovered(),
                List.copyOf(parts));
    }
}
