package dev.ganymede.organization;

import dev.ganymede.id.ProjectId;
import dev.ganymede.id.UserId;
import java.util.List;

/** What a gateway has to know of an organization: its name, its projects and its members, oldest first, all of one instant. */
public record Profile(String name, List<Room> projects, List<Person> members) {

    /** A project. */
    public record Room(ProjectId id, String name, boolean active) {}

    /** A member. */
    public record Person(UserId user, String name, Member.Role role) {}
}
