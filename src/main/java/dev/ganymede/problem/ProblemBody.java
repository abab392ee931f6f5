package dev.ganymede.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of an error answer (RFC 9457).
 *
 * @param field which value of the request it is about, where one is
 * @param errorId found in the log beside the cause; only with status 500
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Problem", description = "RFC 9457 problem details; `type` is stable and listed in docs/problems.md")
public record ProblemBody(
        @Schema(examples = "https://ganymede.dev/problems/pool-exhausted") String type,
        @Schema(examples = "No gateway is ready; try again") String title,
        @Schema(examples = "503") int status,
        String detail,
        @Schema(examples = "/gateway/start") String instance,
        String field,
        String errorId) {}
