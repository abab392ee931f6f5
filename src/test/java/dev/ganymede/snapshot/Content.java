package dev.ganymede.snapshot;

import dev.ganymede.id.ProjectId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an organization works on, as a model has it: which state, by number, each project is in. Two projects in one state, of whichever organizations, share a
 * blob.
 */
record Content(Map<Integer, Integer> states, int gatewayState) {

    static final Content NOTHING = new Content(Map.of(), -1);

    private static final int NONE = -1;

    /** This state is larger than one row of the store. */
    static final int LARGE = 9;

    private static final int LARGE_BYTES = Blob.CHUNK_BYTES + 1_000;
    private static final Map<Integer, byte[]> STATES =
            IntStream.rangeClosed(0, LARGE).boxed().collect(Collectors.toMap(number -> number, Content::state));

    Content {
        states = Map.copyOf(states);
    }

    /** The same, but for this project; state -1: without it. */
    Content with(int project, int state) {
        Map<Integer, Integer> changed = new TreeMap<>(states);
        if (state < 0) {
            changed.remove(project);
        } else {
            changed.put(project, state);
        }
        return new Content(changed, gatewayState);
    }

    Content withGatewayState(int number) {
        return new Content(states, number);
    }

    Content withoutGatewayState() {
        return new Content(states, NONE);
    }

    /** As it is pushed: the blobs of the set are only referred to. With none, as the seed wants it of a pull, byte for byte. */
    String json(IntFunction<ProjectId> ids, Set<Sha256> references) {
        String projects = new TreeMap<>(states)
                .entrySet().stream()
                        .map(entry -> "\"" + ids.apply(entry.getKey()) + "\":" + value(entry.getValue(), references))
                        .collect(Collectors.joining(","));
        return "{\"yjs_state\":{" + projects + "}"
                + (gatewayState == NONE ? "" : ",\"gateway_state\":" + gatewayStateJson()) + "}";
    }

    /** Of the projects alone: a gateway_state can't be referred to. */
    Set<Sha256> projectBlobs() {
        return states.values().stream()
                .map(number -> Sha256.hash(STATES.get(number)))
                .collect(Collectors.toSet());
    }

    /** One at most. */
    Set<Sha256> gatewayStateBlobs() {
        return gatewayState == NONE
                ? Set.of()
                : Set.of(Sha256.hash(gatewayStateJson().getBytes(StandardCharsets.UTF_8)));
    }

    Set<Sha256> blobs() {
        Set<Sha256> blobs = new HashSet<>(projectBlobs());
        blobs.addAll(gatewayStateBlobs());
        return blobs;
    }

    private String gatewayStateJson() {
        return "{\"n\": " + gatewayState + "}";
    }

    private static String value(int number, Set<Sha256> references) {
        byte[] state = STATES.get(number);
        Sha256 hash = Sha256.hash(state);
        return references.contains(hash)
                ? "{\"sha256\":\"" + hash.hex() + "\"}"
                : "\"" + Base64.getEncoder().encodeToString(state) + "\"";
    }

    private static byte[] state(int number) {
        byte[] bytes = new byte[number == LARGE ? LARGE_BYTES : number * 37];
        new Random(number).nextBytes(bytes);
        return bytes;
    }
}
