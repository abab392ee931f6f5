package dev.ganymede.access;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Closes every endpoint that is not marked {@link GatewayCall} to callers without the API key. */
class ApiKeyFilter {

    static final String HEADER = "X-API-Key";

    private final ApiKey apiKey;

    ApiKeyFilter(ApiKey apiKey) {
        this.apiKey = apiKey;
    }

    @ServerRequestFilter
    void requireApiKey(ContainerRequestContext request, ResourceInfo resource) {
        if (isGatewayCall(resource)) {
            return;
        }
        if (!apiKey.accepts(request.getHeaderString(HEADER))) {
            throw Problem.of(ProblemType.UNAUTHORIZED, "This needs the API key in the header " + HEADER + ".");
        }
    }

    private static boolean isGatewayCall(ResourceInfo resource) {
        return resource.getResourceMethod().isAnnotationPresent(GatewayCall.class)
                || resource.getResourceClass().isAnnotationPresent(GatewayCall.class);
    }
}
