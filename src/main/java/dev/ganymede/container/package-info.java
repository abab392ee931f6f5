/**
 * The port to the machines that run gateway containers.
 *
 * <p>Must not know which technology that is (its adapters do), nor what a gateway is used for.
 */
package dev.ganymede.container;
