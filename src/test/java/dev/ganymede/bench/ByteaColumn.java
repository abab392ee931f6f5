package dev.ganymede.bench;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.UUID;

/** The whole snapshot as bytes in one column, which PostgreSQL is told not to compress: the fastest that one row can be. */
final class ByteaColumn implements Side {

    private static final String UPSERT =
            """
            insert into bench.gateway_bytes (organization_id, gateway_id, data, updated_at, size_bytes)
            values ($1, $2, $3, now(), $4)
            on conflict (organization_id) do update set gateway_id = excluded.gateway_id, data = excluded.data,
                updated_at = excluded.updated_at, size_bytes = excluded.size_bytes
            """;

    private final Database database;
    private final UUID gateway = UUID.randomUUID();
    private UUID organization;

    ByteaColumn(Database database) throws Exception {
        this.database = database;
        database.script(
                """
                create table bench.gateway_bytes (
                    organization_id uuid primary key,
                    gateway_id uuid,
                    data bytea,
                    updated_at timestamp,
                    size_bytes integer
                );
                alter table bench.gateway_bytes alter column data set storage external
                """);
    }

    @Override
    public String name() {
        return "(c) bytea";
    }

    @Override
    public void begin() throws Exception {
        database.script("truncate bench.gateway_bytes");
        organization = UUID.randomUUID();
    }

    @Override
    public Call push(Content content) {
        Buffer json = Buffer.buffer(content.json());
        return () -> database.run(UPSERT, organization, gateway, json, json.length());
    }

    @Override
    public Call pull(Content kept) {
        byte[] expected = kept.json();
        return new Call() {
            private Buffer read;

            @Override
            public void run() throws Exception {
                read = database.run("select data from bench.gateway_bytes where organization_id = $1", organization)
                        .iterator()
                        .next()
                        .getBuffer(0);
            }

            @Override
            public void check() {
                Side.require(Arrays.equals(read.getBytes(), expected), "bytea gave something else than it got");
            }
        };
    }

    @Override
    public Memory memory() {
        return Memory.of(database::backendPid);
    }
}
