package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Golden files: what is rendered, to be read in a review. {@code NginxEdgeRoutesIT} lets nginx judge it. */
class EdgeTemplatesTest {

    private static final OrganizationId ONE = OrganizationId.parse("0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11");
    private static final OrganizationId TWO = OrganizationId.parse("7d1f0c1e-58a0-4b54-8a39-2e8f6d1b7c22");

    private final EdgeTemplates templates = new EdgeTemplates();

    @Test
    void mainConfiguration() throws IOException {
        String main = templates.main(Samples.settings(Path.of("/srv/edge")), EdgeTemplates.Includes.LIVE);
        assertThat(main).isEqualTo(golden("nginx.conf"));
    }

    @Test
    void mainConfigurationWithoutReloads() throws IOException {
        String main = templates.main(Samples.luaSettings(Path.of("/srv/edge")), EdgeTemplates.Includes.LIVE);
        assertThat(main).isEqualTo(golden("nginx-lua.conf"));
    }

    @Test
    void upstreamsAreDistinctAndInOrder() throws IOException {
        assertThat(templates.upstreams(List.of(
                        route(ONE, new Endpoint("fd00::7", 7101), 3),
                        route(TWO, new Endpoint("127.0.0.1", 7102), 1),
                        route(TWO, new Endpoint("127.0.0.1", 7100), 1),
                        route(TWO, new Endpoint("127.0.0.1", 7100), 2))))
                .isEqualTo(golden("upstreams.conf"));
    }

    @Test
    void aRouteIsOneEntryOfTheMap() {
        assertThat(RouteFile.text(route(ONE, new Endpoint("node-2.lan", 7101), 17)))
                .isEqualTo("0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11 gw_node-2.lan_7101@17;\n");
    }

    @Test
    void theVersionIsReadBackAsWritten() {
        assertThat(EdgeTemplates.versionIn(templates.version("a-b"))).contains("a-b");
        assertThat(EdgeTemplates.versionIn("")).isEmpty();
    }

    @Test
    void theNumberOfServersDoesNotDependOnTheOrganizations() throws IOException {
        assertThat(Pattern.compile("^ {4}server \\{", Pattern.MULTILINE)
                        .matcher(golden("nginx.conf"))
                        .results()
                        .count())
                .isEqualTo(8);
    }

    private static Route route(OrganizationId organization, Endpoint gateway, long generation) {
        return new Route(organization, gateway, new Generation(generation));
    }

    private static String golden(String name) throws IOException {
        try (var text = EdgeTemplatesTest.class.getResourceAsStream("golden/" + name)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
