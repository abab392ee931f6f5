package dev.ganymede.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The environment's zone, read and altered through PowerDNS' API as somebody at its console would. */
final class Zone {

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI uri;
    private final String key;
    private final String domain;

    Zone(Environment environment) {
        this.domain = environment.domain();
        this.uri = URI.create(environment.get("PDNS_API_URL") + "/api/v1/servers/localhost/zones/" + domain + ".");
        this.key = environment.get("PDNS_API_KEY");
    }

    /** Names below the zone that begin like an organization's (its own and the wildcard below it), and what they say. */
    Map<String, String> organizations() {
        Map<String, String> found = new TreeMap<>();
        for (JsonNode rrset : call("GET", null).body().path("rrsets")) {
            String name = rrset.path("name").asText();
            if (name.startsWith("org-") || name.startsWith("*.org-")) {
                StringBuilder contents = new StringBuilder(rrset.path("type").asText());
                rrset.path("records").forEach(record -> contents.append(' ')
                        .append(record.path("content").asText()));
                found.put(name, contents.toString());
            }
        }
        return found;
    }

    String name(UUID organization) {
        return "org-" + organization + "." + domain + ".";
    }

    void put(String name, String address) {
        patch("{\"name\":\"" + name
                + "\",\"type\":\"A\",\"ttl\":60,\"changetype\":\"REPLACE\",\"records\":[{\"content\":\"" + address
                + "\",\"disabled\":false}]}");
    }

    void remove(String name) {
        patch("{\"name\":\"" + name + "\",\"type\":\"A\",\"changetype\":\"DELETE\"}");
    }

    /** The whole zone. */
    void drop() {
        require(call("DELETE", null));
    }

    private void patch(String rrset) {
        require(call("PATCH", "{\"rrsets\":[" + rrset + "]}"));
    }

    private static void require(Answer answer) {
        if (!answer.ok()) {
            throw new IllegalStateException("PowerDNS: " + answer);
        }
    }

    private Answer call(String method, String json) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(10))
                .header("X-API-Key", key)
                .header("Content-Type", "application/json")
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build();
        return Api.send(http, request);
    }
}
