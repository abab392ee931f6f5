/** One process that plays the agent of docs/agent.md and thousands of gateways, each on its own port, speaking what real ones do. */
package dev.ganymede.simulator;
