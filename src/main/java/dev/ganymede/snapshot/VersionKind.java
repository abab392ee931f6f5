package dev.ganymede.snapshot;

/** How a version came into being. */
enum VersionKind {
    /** A gateway pushed it. */
    PUSH,
    /** An earlier version was made the head again. */
    RESTORE,
    /** It was taken over from another organization. */
    CLONE,
    /** A gateway could not push it and left it in a file; never the head, merged by the next gateway. */
    RESCUE
}
