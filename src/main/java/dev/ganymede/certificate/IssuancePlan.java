package dev.ganymede.certificate;

import java.util.List;

/**
 * What to order now.
 *
 * @param orders in this order
 * @param waiting are due, and have to wait for budget
 */
record IssuancePlan(List<CertificateEntry> orders, List<CertificateEntry> waiting) {}
