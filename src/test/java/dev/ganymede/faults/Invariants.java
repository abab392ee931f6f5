package dev.ganymede.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** What has to be so whenever nothing changes: database, engine, zone, edge and gateways say the same. */
final class Invariants {

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration WORTH_TELLING = Duration.ofSeconds(5);

    private final World world;
    private final HttpClient http = HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    Invariants(World world) {
        this.world = world;
    }

    /** Waits until all of it is so; how long that took. */
    Duration await(Duration limit) {
        long begun = System.nanoTime();
        long patience = (long) (limit.toNanos() * Double.parseDouble(System.getProperty("faults.patience", "1")));
        List<String> violations = List.of();
        do {
            List<String> before = violations;
            violations = violations();
            if (violations.isEmpty()) {
                Duration taken = Api.since(begun);
                if (taken.compareTo(WORTH_TELLING) > 0) {
                    Figures.say("took " + Times.seconds(taken) + ", for the last: " + String.join("; ", before));
                }
                return taken;
            }
            pause();
        } while (System.nanoTime() - begun < patience);
        throw new AssertionError(
                "does not converge within " + limit.toSeconds() + " s:\n  " + String.join("\n  ", violations));
    }

    /** Cheap questions first; those about what lies outside only when the database is at rest. */
    List<String> violations() {
        List<String> found = new ArrayList<>();
        try {
            inDatabase(found);
            if (found.isEmpty()) {
                List<Serving> serving = Serving.all(world.database);
                outside(serving, found);
                found.addAll(gateways(serving));
            }
        } catch (IllegalStateException unanswered) {
            found.add(String.valueOf(unanswered));
        }
        return found;
    }

    private void inDatabase(List<String> found) {
        JsonNode pool = world.api.get("/gateway/pool").body();
        JsonNode totals = pool.path("totals");
        long usable = totals.path("ready").asLong() + totals.path("allocated").asLong();
        if (totals.isMissingNode()
                || usable != totals.path("total").asLong()
                || usable < pool.path("desired").asLong()) {
            found.add("the pool is not complete: desired " + pool.path("desired") + ", " + totals + reasons(pool));
        }
        if (world.database.count("select count(*) from allocation where state = 'HANDSHAKING'") > 0) {
            found.add("a handshake is under way");
        }
        if (world.database.count("select count(*) from revival") > 0) {
            found.add("an organization waits for a gateway");
        }
    }

    private static String reasons(JsonNode pool) {
        StringBuilder reasons = new StringBuilder();
        for (JsonNode member : pool.path("gateways")) {
            String state = member.path("state").asText();
            if (!state.equals("READY") && !state.equals("ALLOCATED")) {
                reasons.append(", ")
                        .append(member.path("name").asText())
                        .append(' ')
                        .append(state);
                reasons.append(' ').append(member.path("reason").asText());
            }
        }
        return reasons.toString();
    }

    private void outside(List<Serving> serving, List<String> found) {
        Map<String, String> wantedRoutes = new TreeMap<>();
        Map<String, String> wantedNames = new TreeMap<>();
        for (Serving each : serving) {
            String name = world.zone.name(each.organization());
            String address = "A " + world.environment.get("HOST_ADDRESS");
            wantedNames.put(name, address);
            wantedNames.put("*." + name, address);
            wantedRoutes.put(each.organization() + ".map", each.route());
            long generation = world.edge.serves(each.organization());
            if (generation != each.generation()) {
                found.add(each.organization() + " has generation " + each.generation() + ", the edge leads to "
                        + generation);
            }
        }
        expectSame("names in DNS", wantedNames, world.zone.organizations(), found);
        expectSame("routes", wantedRoutes, world.routes.all(), found);
        expectSame("containers", rows(), containers(), found);
    }

    private Map<String, String> rows() {
        Map<String, String> rows = new TreeMap<>();
        world.database
                .query(
                        "select name, id, life from gateway",
                        row -> List.of(row.getString(1), row.getString(2), row.getString(3)))
                .forEach(row -> rows.put(row.get(0), row.get(1) + " " + row.get(2) + " running"));
        return rows;
    }

    private Map<String, String> containers() {
        Map<String, String> containers = new TreeMap<>();
        world.docker
                .containers()
                .forEach(each -> containers.merge(
                        each.name(),
                        each.gateway() + " " + each.life() + " " + each.state(),
                        (one, other) -> one + ", " + other));
        return containers;
    }

    /** Each gateway, asked itself: serves whom it should, and no two the same organization. */
    private List<String> gateways(List<Serving> serving) {
        List<String> found = new ArrayList<>();
        Map<String, String> wanted = new TreeMap<>();
        serving.forEach(each -> wanted.put(each.gateway().toString(), each.organization() + " " + each.generation()));
        TreeSet<String> served = new TreeSet<>();
        List<Object[]> rows = world.database.query("select id, host, http_port from gateway", row ->
                new Object[] {row.getObject(1, UUID.class), row.getString(2), row.getInt(3)});
        for (Object[] row : rows) {
            Answer answer = health(row[1] + ":" + row[2]);
            boolean serves = answer.body().path("state").asText().equals("serving");
            String organization = answer.body().path("organization_id").asText();
            if (serves && !served.add(organization)) {
                found.add("two gateways serve " + organization);
            }
            String says = serves
                    ? organization + " " + answer.body().path("generation").asText()
                    : null;
            String should = wanted.get(row[0].toString());
            if (!java.util.Objects.equals(says, should) || !answer.ok()) {
                found.add("gateway " + row[0] + " should serve " + should + " and says " + answer);
            }
        }
        return found;
    }

    private Answer health(String authority) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + authority + "/health"))
                .timeout(Duration.ofSeconds(2))
                .build();
        return Api.send(http, request);
    }

    private static void expectSame(
            String what, Map<String, String> wanted, Map<String, String> actual, List<String> found) {
        if (!wanted.equals(actual)) {
            Map<String, String> missing = new TreeMap<>(wanted);
            missing.entrySet().removeAll(actual.entrySet());
            Map<String, String> surplus = new TreeMap<>(actual);
            surplus.entrySet().removeAll(wanted.entrySet());
            found.add(what + ": missing " + missing + ", not expected " + surplus);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
