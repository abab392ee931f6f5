package dev.ganymede.pool;

import java.util.Optional;

/** What an operator changes about the pool's size; absent: as it was. */
record Resize(Optional<Integer> buffer, Optional<Integer> min, Optional<Integer> max) {

    boolean isEmpty() {
        return buffer.isEmpty() && min.isEmpty() && max.isEmpty();
    }
}
