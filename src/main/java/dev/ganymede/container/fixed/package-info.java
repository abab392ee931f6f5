/**
 * Gateways at fixed places, made by an agent that is asked over HTTP (docs/agent.md, ADR 15); the only package that knows its protocol.
 *
 * <p>The setting's word for it is {@code static}, which Java keeps for itself.
 */
package dev.ganymede.container.fixed;
