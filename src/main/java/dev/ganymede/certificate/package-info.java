/**
 * Certificates for the environment's names, issued by a local certificate authority in development.
 *
 * <p>Must not know who presents them.
 */
package dev.ganymede.certificate;
