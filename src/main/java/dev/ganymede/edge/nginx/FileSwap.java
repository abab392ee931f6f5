package dev.ganymede.edge.nginx;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tests a set of edits as the whole configuration they would make, and puts them in place.
 *
 * <p>What is tested is staged: a candidate configuration that includes the staged files where there are some and the live ones elsewhere, so a change
 * costs as many files as it has edits, not as many as there are organizations. In place goes one rename at a time. Each single rename leaves a
 * configuration that nginx loads (an organization without its upstream is a 502, not a refusal), so nothing has to be journalled: the version, which goes
 * first, tells the next start that this change did not end.
 */
final class FileSwap {

    private static final String ROUTES_LIST = EdgeFiles.STAGING + "/routes.list";
    private static final String CANDIDATE_PID = EdgeFiles.STAGING + "/nginx.pid";

    private final EdgeSettings settings;
    private final EdgeTemplates templates;
    private final EdgeFiles files;
    private final NginxControl nginx;
    private final Checkpoint checkpoint;

    FileSwap(
            EdgeSettings settings,
            EdgeTemplates templates,
            EdgeFiles files,
            NginxControl nginx,
            Checkpoint checkpoint) {
        this.settings = settings;
        this.templates = templates;
        this.files = files;
        this.nginx = nginx;
        this.checkpoint = checkpoint;
    }

    /** Writes the edits aside. */
    void stage(List<FileEdit> edits, String version) {
        files.stage(EdgeFiles.VERSION, templates.version(version));
        for (FileEdit edit : edits) {
            edit.content().ifPresent(content -> files.stage(edit.name(), content));
        }
        checkpoint.after("stage");
    }

    /** Asks nginx whether it would load the result of these staged edits; nothing live is touched. */
    void test(List<FileEdit> edits) {
        if (settings.lua().isEmpty()) {
            files.writeScratch(ROUTES_LIST, routesAfter(edits));
        }
        files.writeScratch(EdgeFiles.CANDIDATE, templates.main(settings, candidateOf(edits)));
        nginx.check(files.path(EdgeFiles.CANDIDATE));
        checkpoint.after("test");
    }

    /** Gives the staged edits their live names, the version first. */
    void promote(List<FileEdit> edits) {
        promoteVersion();
        replace(edits);
        // once is enough: the order matters to a nginx that survives us, and none survives the machine
        files.force();
    }

    /** The same with the version that nginx runs already, which goes last: as long as it is not there, the next start knows that this did not end. */
    void demote(List<FileEdit> edits) {
        replace(edits);
        promoteVersion();
        files.force();
    }

    private void promoteVersion() {
        files.promote(EdgeFiles.VERSION);
        checkpoint.after("version");
    }

    private void replace(List<FileEdit> edits) {
        for (FileEdit edit : edits) {
            if (edit.content().isPresent()) {
                files.promote(edit.name());
            } else {
                files.remove(edit.name());
            }
            checkpoint.after(edit.toString());
        }
    }

    /** One include for each route file that will be there: exactly what the live configuration's pattern will find. */
    private String routesAfter(List<FileEdit> edits) {
        Set<String> names = new LinkedHashSet<>(files.routeNames());
        for (FileEdit edit : edits) {
            names.remove(edit.name());
            if (edit.content().isPresent() && RouteFile.isOurs(edit.name())) {
                names.add(EdgeFiles.staged(edit.name()));
            }
        }
        return names.stream().map(name -> "include " + name + ";\n").collect(Collectors.joining());
    }

    private EdgeTemplates.Includes candidateOf(List<FileEdit> edits) {
        Set<String> edited = edits.stream().map(FileEdit::name).collect(Collectors.toSet());
        return new EdgeTemplates.Includes(
                // nginx -t makes an empty pid file where there is none
                CANDIDATE_PID,
                ROUTES_LIST,
                stagedIf(edited, EdgeFiles.UPSTREAMS),
                EdgeFiles.staged(EdgeFiles.VERSION),
                stagedIf(edited, EdgeFiles.BASE_CERTIFICATE));
    }

    private static String stagedIf(Set<String> edited, String name) {
        return edited.contains(name) ? EdgeFiles.staged(name) : name;
    }
}
