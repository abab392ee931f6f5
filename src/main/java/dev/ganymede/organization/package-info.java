/**
 * Organizations, their projects and members, as the frontend keeps them and {@code /gateway/config} hands them out.
 *
 * <p>Must not know gateways or allocations: which of them is being served is not its business.
 */
package dev.ganymede.organization;
