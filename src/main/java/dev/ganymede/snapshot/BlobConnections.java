package dev.ganymede.snapshot;

import jakarta.inject.Qualifier;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the pool of connections that blobs are written on. They commit without waiting for the disk ({@code synchronous_commit=off}): the manifest that refers to
 * a blob is committed later on another connection, and waits until everything before it in the log is on disk, the blobs with it (ADR 12).
 */
@Qualifier @Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD, ElementType.TYPE})
public @interface BlobConnections {}
