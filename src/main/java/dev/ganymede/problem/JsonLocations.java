package dev.ganymede.problem;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.stream.Collectors;

/** Says where JSON is wrong without repeating what was sent. */
final class JsonLocations {

    private JsonLocations() {}

    static String describe(JsonProcessingException failure) {
        if (failure instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            String path = mapping.getPath().stream()
                    .map(reference -> reference.getFieldName() == null
                            ? "[" + reference.getIndex() + "]"
                            : reference.getFieldName())
                    .collect(Collectors.joining("."));
            return "Not acceptable at '" + path + "'.";
        }
        JsonLocation location = failure.getLocation();
        return location == null
                ? "The body can't be read as JSON."
                : "The body can't be read as JSON at line " + location.getLineNr() + ", column "
                        + location.getColumnNr() + ".";
    }
}
