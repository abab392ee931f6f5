package dev.ganymede.bench;

import dev.ganymede.bench.Http.Answer;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Ganymede over HTTP, as one gateway sees it. */
final class Ganymede implements Side {

    private static final byte[] END = Content.ascii("}");

    /** What a push looks like. */
    enum Wire {
        /** All of it, every time: the seed's. */
        WHOLE("Ganymede, whole body"),
        /** What is there already by its hash, after a call that asks for it: two round trips. */
        ASKED("Ganymede, references"),
        /** The same without asking, by who knows it from the answers to earlier pushes. */
        REMEMBERED("Ganymede, references, not asked for");

        private final String title;

        Wire(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Wire wire;
    private final Http http;
    private final Database database;
    private final Memory memory;
    private final Set<String> stored = new HashSet<>();
    private Tenant tenant;
    private int sequence;

    Ganymede(Wire wire, Http http, Database database, Memory memory) {
        this.wire = wire;
        this.http = http;
        this.database = database;
        this.memory = memory;
    }

    @Override
    public String name() {
        return wire.title();
    }

    @Override
    public void begin() throws Exception {
        tenant = Tenant.create(database);
        stored.clear();
        sequence = 0;
    }

    @Override
    public Call push(Content content) {
        Set<String> hashes = content.hashes();
        Set<String> known = hashes.stream().filter(stored::contains).collect(Collectors.toSet());
        stored.addAll(hashes);
        sequence++;
        byte[] envelope = Content.ascii(
                tenant.open() + ",\"timestamp\":\"" + Instant.now() + "\",\"sequence\":" + sequence + ",\"data\":");
        byte[] data = content.json(wire == Wire.WHOLE ? Set.of() : known);
        if (wire != Wire.ASKED) {
            return () -> call("push", envelope, data, END);
        }
        byte[] question = Content.ascii(tenant.open() + ",\"sha256\":"
                + hashes.stream().collect(Collectors.joining("\",\"", "[\"", "\"]")) + "}");
        return () -> {
            requireKnown(call("known", question), known);
            call("push", envelope, data, END);
        };
    }

    /** The push was prepared for the answer that is right. */
    private static void requireKnown(Answer answer, Set<String> known) {
        String text = answer.text();
        long count = text.chars().filter(character -> character == '"').count() / 2 - 1;
        Side.require(count == known.size() && known.stream().allMatch(text::contains), "knows something else: " + text);
    }

    @Override
    public Call pull(Content kept) {
        byte[] expected = kept.json();
        byte[] request = Content.ascii(tenant.open() + "}");
        return new Call() {
            private Answer answer;

            @Override
            public void run() throws IOException {
                answer = call("pull", request);
            }

            @Override
            public void check() {
                Side.require(answer.endsWith(expected), "the pull gave something else than was pushed");
            }
        };
    }

    private Answer call(String what, byte[]... body) throws IOException {
        return http.post("/gateway/data/" + what, tenant.token(), body).expectOk();
    }

    @Override
    public Memory memory() {
        return memory;
    }
}
