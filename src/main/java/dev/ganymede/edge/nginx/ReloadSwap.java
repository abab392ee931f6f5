package dev.ganymede.edge.nginx;

import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Swaps files that nginx reads with its configuration: test → rename → reload → restore when it failed. Blocking; only under the directory's lock.
 *
 * <p>Every swap carries a new version, written before anything else: killed at any point, the running version differs from the one on the disk, and the next
 * look at it reloads.
 */
final class ReloadSwap {

    private static final Logger LOG = Logger.getLogger(ReloadSwap.class);

    private final EdgeFiles files;
    private final NginxControl nginx;
    private final FileSwap swap;
    private final Checkpoint checkpoint;

    ReloadSwap(EdgeFiles files, NginxControl nginx, FileSwap swap, Checkpoint checkpoint) {
        this.files = files;
        this.nginx = nginx;
        this.swap = swap;
        this.checkpoint = checkpoint;
    }

    Optional<String> versionOnDisk() {
        return files.read(EdgeFiles.VERSION).flatMap(EdgeTemplates::versionIn);
    }

    /** Stages them, and fails when nginx would not load them; nothing live is touched. */
    void test(FileEdits edits, String version) {
        try {
            swap.stage(edits.edits(), version);
            swap.test(edits.edits());
        } catch (RuntimeException failure) {
            discardStaged(failure);
            throw failure;
        }
    }

    /** Puts in place what was tested. */
    void change(FileEdits edits, String version) {
        Optional<String> before = versionOnDisk();
        try {
            swap.promote(edits.edits());
            reloadIfRunning(version);
        } catch (RuntimeException failure) {
            restore(edits, before, failure);
            throw failure;
        }
        LOG.debugf("edge changed to version %s: %s", version, edits.edits());
    }

    /** A change that was killed before its reload is finished; otherwise nothing happens. */
    void reloadIfOutdated() {
        if (nginx.running() && !nginx.patientVersion().equals(versionOnDisk())) {
            reloadIfRunning(versionOnDisk().orElseThrow());
        }
    }

    private void reloadIfRunning(String version) {
        if (nginx.running()) {
            nginx.reload(version);
            checkpoint.after("reload");
        }
    }

    /** Files first, so that whatever becomes of nginx, it finds what it last served; not tested, since it stood there before. */
    private void restore(FileEdits edits, Optional<String> before, RuntimeException cause) {
        LOG.warnf("edge change failed and is taken back: %s", cause.getMessage());
        FileEdits back = edits.inverse();
        boolean untouched = before.isPresent() && nginx.patientVersion().equals(before);
        try {
            if (untouched) {
                takeBack(back, before.get());
            } else {
                replaceBack(back, UUID.randomUUID().toString());
            }
        } catch (RuntimeException again) {
            LOG.errorf("edge could not be taken back either; the next change tries again: %s", again.getMessage());
            cause.addSuppressed(again);
            discardStaged(cause);
        }
    }

    /**
     * nginx still serves what stood before: a reload would change nothing but its workers, once for every try of a change that keeps failing. Should it load after
     * all, late, it answers with another version than the disk, and the next batch reloads.
     */
    private void takeBack(FileEdits back, String version) {
        swap.stage(back.edits(), version);
        swap.demote(back.edits());
    }

    private void replaceBack(FileEdits back, String version) {
        swap.stage(back.edits(), version);
        swap.promote(back.edits());
        reloadIfRunning(version);
    }

    private void discardStaged(RuntimeException cause) {
        try {
            files.discardStaged();
        } catch (RuntimeException again) {
            cause.addSuppressed(again);
        }
    }
}
