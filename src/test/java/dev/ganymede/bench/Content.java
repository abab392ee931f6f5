package dev.ganymede.bench;

import dev.ganymede.bench.Plan.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;

/** An organization's data at one instant: projects whose state does not compress. Immutable. */
record Content(List<Project> projects, int sizeBytes) {

    private static final byte[] GATEWAY_STATE = ascii("},\"gateway_state\":{\"permissions\":{}}}");
    // names of fields, quotes, the envelope
    private static final int AROUND_A_PROJECT = 48;
    private static final int AROUND_ALL = 512;
    private static final SplittableRandom RANDOM = new SplittableRandom();

    /** One project's state, and its hash in hexadecimal digits. */
    record Project(UUID id, byte[] base64, String sha256) {

        static Project random(UUID id, int stateBytes) {
            byte[] state = new byte[stateBytes];
            RANDOM.nextBytes(state);
            return new Project(id, Base64.getEncoder().encode(state), hash(state));
        }
    }

    /** So much that a push of it has the shape's size. */
    static Content random(Shape shape) {
        int stateBytes = ((shape.bytes() - AROUND_ALL) / shape.projects() - AROUND_A_PROJECT) / 4 * 3;
        List<Project> projects = new ArrayList<>();
        for (int i = 0; i < shape.projects(); i++) {
            projects.add(Project.random(UUID.randomUUID(), stateBytes));
        }
        return new Content(List.copyOf(projects), shape.bytes());
    }

    Content withOneChanged(Random which) {
        List<Project> changed = new ArrayList<>(projects);
        int index = which.nextInt(changed.size());
        Project before = changed.get(index);
        changed.set(index, Project.random(before.id(), before.base64().length / 4 * 3));
        return new Content(List.copyOf(changed), sizeBytes);
    }

    Set<String> hashes() {
        return projects.stream().map(Project::sha256).collect(Collectors.toSet());
    }

    /** The seed's {@code data}. */
    byte[] json() {
        return json(Set.of());
    }

    /** The same, with hashes in place of states that the reader has. */
    byte[] json(Set<String> known) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(known.isEmpty() ? sizeBytes : 1024);
        String separator = "{\"yjs_state\":{\"";
        for (Project project : projects) {
            json.writeBytes(ascii(separator + project.id() + "\":"));
            if (known.contains(project.sha256())) {
                json.writeBytes(ascii("{\"sha256\":\"" + project.sha256() + "\"}"));
            } else {
                json.write('"');
                json.writeBytes(project.base64());
                json.write('"');
            }
            separator = ",\"";
        }
        json.writeBytes(GATEWAY_STATE);
        return json.toByteArray();
    }

    private static String hash(byte[] state) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(state));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
