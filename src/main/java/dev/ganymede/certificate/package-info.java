/**
 * Certificates for the environment's names: issued by a local authority, or supplied by an operator.
 *
 * <p>Must not know who presents them.
 */
package dev.ganymede.certificate;
