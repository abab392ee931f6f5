/**
 * Who may call: API keys of frontends and operators, bearer tokens of gateways, and the access tokens that members show to gateways.
 *
 * <p>Must not know what the calls do.
 */
package dev.ganymede.access;
