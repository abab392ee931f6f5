package dev.ganymede.snapshot;

/** What is stored under a hash does not have it. */
final class DamagedBlobException extends RuntimeException {

    private final Sha256 blob;

    DamagedBlobException(Sha256 blob, String what) {
        super("blob " + blob + " " + what, null, false, false);
        this.blob = blob;
    }

    Sha256 blob() {
        return blob;
    }
}
