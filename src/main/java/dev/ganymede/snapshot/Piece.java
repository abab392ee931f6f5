package dev.ganymede.snapshot;

import io.vertx.core.buffer.Buffer;

/**
 * Some bytes of a blob as they were stored; nobody has looked at them yet.
 *
 * @param last no more of this blob follows
 */
record Piece(Part part, Buffer content, boolean last) {}
