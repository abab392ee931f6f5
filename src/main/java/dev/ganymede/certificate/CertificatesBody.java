package dev.ganymede.certificate;

import dev.ganymede.certificate.CertificateEntry.State;
import dev.ganymede.certificate.CertificateEntry.Validity;
import dev.ganymede.certificate.Inventory.Item;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The answer of {@code GET /certificates}. */
@Schema(name = "Certificates")
record CertificatesBody(
        String issuer,
        String authority,
        BudgetBody budget,
        Totals totals,
        Instant earliestExpiry,
        Map<String, String> problems,
        List<CertificateBody> certificates) {

    /** {@code next_at}: when the oldest of what is spent leaves the window. */
    @Schema(name = "CertificateBudget")
    record BudgetBody(int limit, int spent, int left, Instant nextAt) {}

    @Schema(name = "CertificateTotals")
    record Totals(long pending, long issued, long failing, long expired) {}

    @Schema(name = "Certificate")
    record CertificateBody(
            String subject,
            State state,
            Instant issuedAt,
            Instant expiresAt,
            int attempts,
            String problem,
            Instant nextAttemptAt) {}

    /** The most pressing ones first. */
    static CertificatesBody of(Inventory inventory, int limit) {
        return new CertificatesBody(
                inventory.issuer(),
                inventory.authority().orElse(null),
                inventory.budget().map(CertificatesBody::body).orElse(null),
                new Totals(
                        inventory.count(State.PENDING),
                        inventory.count(State.ISSUED),
                        inventory.count(State.FAILING),
                        inventory.count(State.EXPIRED)),
                inventory.earliestExpiry().orElse(null),
                inventory.problems(),
                inventory.items().stream()
                        .sorted(pressing())
                        .limit(limit)
                        .map(CertificatesBody::body)
                        .toList());
    }

    private static Comparator<Item> pressing() {
        List<State> order = List.of(State.EXPIRED, State.FAILING, State.PENDING, State.ISSUED);
        return Comparator.comparing((Item item) -> order.indexOf(item.state()))
                .thenComparing(item -> item.validity().map(Validity::expiresAt).orElse(Instant.MAX))
                .thenComparing(Item::subject);
    }

    private static BudgetBody body(Budget budget) {
        return new BudgetBody(
                budget.limit(), budget.spent(), budget.left(), budget.nextAt().orElse(null));
    }

    private static CertificateBody body(Item item) {
        return new CertificateBody(
                item.subject(),
                item.state(),
                item.validity().map(Validity::issuedAt).orElse(null),
                item.validity().map(Validity::expiresAt).orElse(null),
                item.attempts(),
                item.problem().orElse(null),
                item.attemptAt().orElse(null));
    }
}
