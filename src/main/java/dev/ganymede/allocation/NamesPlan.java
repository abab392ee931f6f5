package dev.ganymede.allocation;

import java.util.List;

/** What has to be done about names; empty when all is as it should be. */
record NamesPlan(List<NamesAction> actions) {}
