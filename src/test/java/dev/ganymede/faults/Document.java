package dev.ganymede.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/** The document of an organization, as one of its members works at it through the edge; with what a start answered, also while Ganymede is away. */
final class Document {

    private static final Path CLIENT = Path.of("scripts/faults/document.mjs").toAbsolutePath();

    private final Environment environment;
    private final Organization organization;
    private final JsonNode started;

    private Document(Environment environment, Organization organization, JsonNode started) {
        this.environment = environment;
        this.organization = organization;
        this.started = started;
    }

    /** Brings the organization up when it is not. */
    static Document open(World world, Organization organization) {
        world.serve(organization.id());
        Answer answer = world.api.post(
                "/gateway/start",
                "{\"organization_id\":\"" + organization.id() + "\",\"user_id\":\"" + organization.ada() + "\"}");
        if (!answer.ok()) {
            throw new IllegalStateException("start: " + answer);
        }
        return new Document(world.environment, organization, answer.body());
    }

    /** Returns once the gateway has it, in memory. */
    void append(String line, int noiseKibibytes) {
        play("append", line, String.valueOf(noiseKibibytes));
    }

    /** Its last line. */
    String last() {
        return play("read").path("last").asText();
    }

    private JsonNode play(String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("docker", "run", "--rm", "--network", "host"));
        command.addAll(List.of("--label", "dev.ganymede.faults=" + environment.name()));
        command.addAll(List.of("--volume", CLIENT + ":/opt/document.mjs:ro"));
        variable(command, "WEBSOCKET_URL", started.path("websocket_url").asText());
        variable(command, "ACCESS_TOKEN", started.path("access_token").asText());
        variable(command, "PROJECT_ID", organization.project().toString());
        variable(command, "CA_PEM", environment.authority());
        variable(command, "DNS_SERVER", environment.get("HOST_ADDRESS") + ":" + environment.get("DNS_PORT"));
        command.addAll(List.of(environment.get("GATEWAY_IMAGE"), "node", "/opt/document.mjs"));
        command.addAll(List.of(arguments));
        return Api.parse(Shell.run(command.toArray(String[]::new)));
    }

    private static void variable(List<String> command, String name, String value) {
        command.add("--env");
        command.add(name + "=" + value);
    }
}
