package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table in nginx's shared memory, over the socket that {@code edge_control.lua} listens on. */
final class LuaRouteTable implements RouteTable {

    private static final int MAX_ANSWER_BYTES = 64 * 1024 * 1024;
    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final Pattern STATE = Pattern.compile("(\\S+) (\\S+) (\\d+) (\\d+)");

    private final UnixHttp http;

    LuaRouteTable(Path socket, Duration timeout) {
        this.http = new UnixHttp(socket, timeout, MAX_ANSWER_BYTES);
    }

    @Override
    public Optional<State> state() {
        return http.send("GET", "/routes", "")
                .filter(answer -> answer.status() == OK)
                .flatMap(answer -> parse(answer.body()));
    }

    @Override
    public Outcome change(String from, String to, Map<OrganizationId, Optional<Route>> routes) {
        Set<String> lines = routes.entrySet().stream()
                .map(each -> each.getValue()
                        .map(RouteFile::entry)
                        .orElse(each.getKey().toString()))
                .collect(Collectors.toSet());
        return http.send("POST", "/routes?from=" + from + "&to=" + to, String.join("\n", lines))
                .map(answer -> outcome(answer, to, lines))
                .orElseGet(Outcome.Silent::new);
    }

    @Override
    public Optional<State> replace(String to, Map<OrganizationId, Route> routes) {
        String lines = routes.values().stream().map(RouteFile::entry).collect(Collectors.joining("\n"));
        return http.send("PUT", "/routes?to=" + to, lines).flatMap(answer -> parse(accepted(answer)));
    }

    @Override
    public boolean renewed(Collection<OrganizationId> organizations) {
        String lines = organizations.stream().map(OrganizationId::toString).collect(Collectors.joining("\n"));
        return http.send("POST", "/certificates", lines)
                .filter(answer -> answer.status() == OK)
                .isPresent();
    }

    private static Outcome outcome(UnixHttp.Answer answer, String to, Set<String> told) {
        if (answer.status() == CONFLICT) {
            return new Outcome.Behind();
        }
        String[] lines = accepted(answer).split("\n");
        String[] stamp = lines[0].split(" ");
        Set<String> found = Arrays.stream(lines).map(String::strip).collect(Collectors.toSet());
        return stamp.length == 2 && stamp[1].equals(to) && found.containsAll(told)
                ? new Outcome.Live(stamp[0])
                : new Outcome.Behind();
    }

    private static String accepted(UnixHttp.Answer answer) {
        if (answer.status() != OK) {
            throw new EdgeException(
                    "the edge's table does not take the routes (is ganymede.edge.route-table-mib too small?): "
                            + answer.status() + " " + answer.body());
        }
        return answer.body();
    }

    private static Optional<State> parse(String text) {
        Matcher state = STATE.matcher(text);
        return state.matches()
                ? Optional.of(new State(
                        state.group(1),
                        state.group(2),
                        new RouteDigest(Long.parseLong(state.group(3)), Long.parseLong(state.group(4)))))
                : Optional.empty();
    }
}
