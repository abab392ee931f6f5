package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.secret.SecretHash;

/** Whose data, and by which right. */
record Claim(SecretHash gatewayToken, OrganizationId organization, GatewayId gateway) {}
