package dev.ganymede.faults;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** An organization to be served, with one member who may write and one project. */
record Organization(UUID id, UUID member, UUID project) {

    static Organization make(Api api, UUID id, String name) {
        Organization made = new Organization(id, derived(id, "member"), derived(id, "project"));
        ensure(api, "/organizations", "{\"id\":\"" + id + "\",\"name\":\"" + name + "\"}");
        String below = "/organizations/" + id;
        ensure(api, below + "/members", "{\"user_id\":\"" + made.member + "\",\"name\":\"Ada\",\"role\":\"owner\"}");
        ensure(api, below + "/projects", "{\"id\":\"" + made.project + "\",\"name\":\"Project\"}");
        return made;
    }

    /** A token for its WebSockets; the start joins the gateway that serves it. */
    String accessToken(Api api) {
        return api.post("/gateway/start", "{\"organization_id\":\"" + id + "\",\"user_id\":\"" + member + "\"}")
                .body()
                .path("access_token")
                .asText();
    }

    private static UUID derived(UUID id, String what) {
        return UUID.nameUUIDFromBytes((id + what).getBytes(StandardCharsets.UTF_8));
    }

    private static void ensure(Api api, String path, String json) {
        Answer answer = api.post(path, json);
        if (!answer.ok() && answer.status() != 409) {
            throw new IllegalStateException(path + ": " + answer);
        }
    }
}
