package dev.ganymede.bench;

import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Option A of seed 004 "Storage Implementation Options": the whole snapshot in one JSONB column. */
final class JsonbColumn implements Side {

    // the cast by way of text: the client would make a JSON string of a parameter that is JSONB
    private static final String UPSERT =
            """
            insert into bench.gateway_data (organization_id, gateway_id, data, updated_at, size_bytes)
            values ($1, $2, $3::text::jsonb, now(), $4)
            on conflict (organization_id) do update set gateway_id = excluded.gateway_id, data = excluded.data,
                updated_at = excluded.updated_at, size_bytes = excluded.size_bytes
            """;

    private final Database database;
    private final UUID gateway = UUID.randomUUID();
    private UUID organization;

    JsonbColumn(Database database) throws Exception {
        this.database = database;
        database.script(
                """
                create table bench.gateway_data (
                    organization_id uuid primary key,
                    gateway_id uuid,
                    data jsonb,
                    updated_at timestamp,
                    size_bytes integer
                )
                """);
    }

    @Override
    public String name() {
        return "(a) JSONB";
    }

    @Override
    public void begin() throws Exception {
        database.script("truncate bench.gateway_data");
        organization = UUID.randomUUID();
    }

    @Override
    public Call push(Content content) {
        String json = new String(content.json(), StandardCharsets.US_ASCII);
        return () -> database.run(UPSERT, organization, gateway, json, json.length());
    }

    @Override
    public Call pull(Content kept) {
        int leastLength = kept.json().length;
        return new Call() {
            private String read;

            @Override
            public void run() throws Exception {
                Row row = database.run(
                                "select data::text from bench.gateway_data where organization_id = $1", organization)
                        .iterator()
                        .next();
                read = row.getString(0);
            }

            @Override
            public void check() {
                // in an order and with spaces of its own
                Side.require(read.length() >= leastLength, "JSONB gave less than it got");
            }
        };
    }

    @Override
    public Memory memory() {
        return Memory.of(database::backendPid);
    }
}
