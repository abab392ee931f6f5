package dev.ganymede.snapshot;

import java.io.IOException;

/** Takes in content, one blob after the other, each in pieces. */
interface BlobReceiver {

    /** The blob goes on with these bytes; they are the caller's and change afterwards. */
    void append(byte[] bytes, int length) throws IOException;

    /** The blob is whole; the next piece begins another one. */
    Received end() throws IOException;

    /** What a blob turned out to be. */
    record Received(Sha256 sha256, long sizeBytes) {}
}
