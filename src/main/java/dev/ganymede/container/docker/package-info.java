/**
 * Gateway containers on a Docker engine, through docker-java; the only package that knows either.
 *
 * <p>docker-java blocks: every call goes through {@link dev.ganymede.container.docker.EngineCalls}. The way to the engine's socket is our own ({@link
 * dev.ganymede.container.docker.EngineTransport}, ADR 4).
 */
package dev.ganymede.container.docker;
