package dev.ganymede.certificate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Decides what is ordered next (ADR 14): what is under way and counted already, then the environment's own names, then organizations that are allocated, then all
 * others; within each, who has waited longest. What costs budget waits when there is none; what costs nothing passes it by.
 */
final class IssuancePlanner {

    /**
     * What is known.
     *
     * @param own first of the environment's own names
     * @param inUse first names of the organizations that are allocated, and {@code own}
     * @param places orders that may be under way at once
     */
    record Observation(
            Instant now, List<CertificateEntry> entries, String own, Set<String> inUse, Budget budget, int places) {}

    private IssuancePlanner() {}

    static IssuancePlan plan(Observation observed, Budget.Rules rules) {
        List<CertificateEntry> due = observed.entries().stream()
                .filter(entry -> !entry.attemptAt().isAfter(observed.now()))
                .sorted(inTurn(observed))
                .toList();
        List<CertificateEntry> orders = new ArrayList<>();
        List<CertificateEntry> waiting = new ArrayList<>();
        int left = observed.budget().left();
        for (CertificateEntry entry : due) {
            boolean costs = costs(entry, rules);
            if (costs && left == 0) {
                waiting.add(entry);
            } else if (orders.size() < observed.places()) {
                orders.add(entry);
                left -= costs ? 1 : 0;
            }
        }
        return new IssuancePlan(List.copyOf(orders), List.copyOf(waiting));
    }

    private static boolean costs(CertificateEntry entry, Budget.Rules rules) {
        return !entry.counted() && (rules.renewalsCount() || !entry.isRenewal());
    }

    private static Comparator<CertificateEntry> inTurn(Observation observed) {
        return Comparator.comparing((CertificateEntry entry) -> !entry.counted())
                .thenComparing(entry -> !entry.subject().equals(observed.own()))
                .thenComparing(entry -> !observed.inUse().contains(entry.subject()))
                .thenComparing(CertificateEntry::wantedAt)
                .thenComparing(CertificateEntry::subject);
    }
}
