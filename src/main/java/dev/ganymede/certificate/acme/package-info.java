/**
 * An authority that speaks ACME (RFC 8555), asked with acme4j; the only package that knows it. Names are proven by DNS-01 through the port to our own zone.
 *
 * <p>acme4j blocks: it runs on one bounded executor here. Nobody imports this package.
 */
package dev.ganymede.certificate.acme;
