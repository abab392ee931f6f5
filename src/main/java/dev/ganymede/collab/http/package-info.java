/** {@link dev.ganymede.collab.GatewayProcess} over HTTP, with Vert.x. */
package dev.ganymede.collab.http;
