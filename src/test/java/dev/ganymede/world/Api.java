package dev.ganymede.world;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;

/** The service's HTTP API as its callers use it. */
public final class Api {

    public static final String KEY = "api-key-of-the-tests";

    private Api() {}

    public static RequestSpecification frontend() {
        return given().header("X-API-Key", KEY).contentType(ContentType.JSON);
    }

    public static RequestSpecification gateway(String token) {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    /** Creates an organization and returns its id. */
    public static String organization(String name) {
        return frontend()
                .body(Map.of("name", name))
                .post("/organizations")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    public static String project(String organization, String name) {
        return frontend()
                .body(Map.of("name", name))
                .post("/organizations/{id}/projects", organization)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    public static String member(String organization, String name) {
        String user = UUID.randomUUID().toString();
        frontend()
                .body(Map.of("user_id", user, "name", name))
                .post("/organizations/{id}/members", organization)
                .then()
                .statusCode(201);
        return user;
    }

    public static Response start(String organization) {
        return frontend().body(Map.of("organization_id", organization)).post("/gateway/start");
    }

    public static Response stop(String organization) {
        return frontend().post("/organizations/{id}/stop", organization);
    }

    public static Response pool() {
        return frontend().get("/gateway/pool");
    }
}
