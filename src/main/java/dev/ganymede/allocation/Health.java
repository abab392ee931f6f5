package dev.ganymede.allocation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ganymede.edge.EdgeProbe.Answer;
import dev.ganymede.gateway.Allocation;

/** Reads a gateway's {@code GET /health}: which tenancy answered? */
final class Health {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Health() {}

    /** True only when it is exactly this allocation that served the request, and says that it serves. */
    static boolean isFrom(Allocation allocation, Answer answer) {
        if (answer.status() != 200) {
            return false;
        }
        try {
            JsonNode health = JSON.readTree(answer.body());
            return "serving".equals(health.path("state").asText())
                    && allocation
                            .organization()
                            .toString()
                            .equals(health.path("organization_id").asText())
                    && allocation
                            .gateway()
                            .toString()
                            .equals(health.path("gateway_id").asText())
                    && health.path("generation").asLong()
                            == allocation.generation().value();
        } catch (JsonProcessingException nonsense) {
            return false;
        }
    }
}
