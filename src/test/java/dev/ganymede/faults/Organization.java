package dev.ganymede.faults;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** An organization to be served, with two members who may write and one project. */
record Organization(UUID id, UUID ada, UUID grace, UUID project) {

    static Organization make(Api api, UUID id, String name) {
        Organization made = new Organization(id, derived(id, "ada"), derived(id, "grace"), derived(id, "project"));
        ensure(api, "/organizations", "{\"id\":\"" + id + "\",\"name\":\"" + name + "\"}");
        String below = "/organizations/" + id;
        ensure(api, below + "/members", "{\"user_id\":\"" + made.ada + "\",\"name\":\"Ada\",\"role\":\"owner\"}");
        ensure(api, below + "/members", "{\"user_id\":\"" + made.grace + "\",\"name\":\"Grace\",\"role\":\"editor\"}");
        ensure(api, below + "/projects", "{\"id\":\"" + made.project + "\",\"name\":\"Project\"}");
        return made;
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
