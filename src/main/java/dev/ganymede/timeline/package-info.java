/**
 * What happened to each organization, stage by stage: the answer to "why is it not up?".
 *
 * <p>Told by who does it; must not know how anything is done.
 */
package dev.ganymede.timeline;
