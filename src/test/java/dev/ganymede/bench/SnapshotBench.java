package dev.ganymede.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.ganymede.bench.Autosave.Load;
import dev.ganymede.bench.Ganymede.Wire;
import dev.ganymede.bench.Plan.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code scripts/bench.sh snapshots}: push and pull against the simplest ways to keep a snapshot, all on one PostgreSQL. */
final class SnapshotBench {

    private SnapshotBench() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.read();
        Memory ganymede = Memory.ofJvm(settings.ganymedePid(), settings.heapLog());
        try (Database jsonb = new Database(settings.database());
                Database bytea = new Database(settings.database());
                Http http = new Http(settings.ganymedePort())) {
            jsonb.script("create schema bench");
            List<Side> sides = new ArrayList<>(List.of(
                    new JsonbColumn(jsonb), new JsonFile(settings.scratch().resolve("files")), new ByteaColumn(bytea)));
            for (Wire wire : List.of(Wire.WHOLE, Wire.ASKED)) {
                sides.add(new Ganymede(wire, http, jsonb, ganymede));
            }

            Map<Shape, Map<Step, Map<Side, Figure>>> figures = new LinkedHashMap<>();
            for (Shape shape : settings.plan().shapes()) {
                figures.put(shape, new Rounds(shape, sides, jsonb).run());
            }
            Autosave autosave = new Autosave(settings.plan().autosaving(), settings, ganymede);
            List<Load> loads = new ArrayList<>();
            for (Wire wire : List.of(Wire.WHOLE, Wire.REMEMBERED)) {
                loads.add(autosave.run(wire, () -> new Ganymede(wire, http, jsonb, ganymede)));
                System.out.println("bench: autosave, " + wire.title());
            }
            write(settings, new Results(settings.plan(), figures, loads));
        }
    }

    private static void write(Settings settings, Results results) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", Settings.text("BENCH_DATE"));
        json.put("commit", Settings.text("BENCH_COMMIT"));
        json.put("machine", Settings.text("BENCH_MACHINE"));
        json.putAll(results.asJson());
        ObjectWriter writer = new ObjectMapper().writerWithDefaultPrettyPrinter();
        Files.writeString(settings.results().resolve("snapshots.json"), writer.writeValueAsString(json) + "\n");
        Files.writeString(settings.results().resolve("snapshots.md"), new Report(results).markdown());
    }
}
