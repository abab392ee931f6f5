package dev.ganymede.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link DnsChallenges} does; run against the fake and against a real server. */
public abstract class DnsChallengesContract {

    protected static final Domain DOMAIN = new Domain("challenges.it.local");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String name = DOMAIN.organization(new OrganizationId(UUID.randomUUID()));

    protected abstract DnsChallenges challenges();

    /** What whoever asks for the name's TXT records is told. */
    protected abstract Set<String> values(String name);

    @AfterEach
    void clear() {
        get(challenges().clear(name));
        get(challenges().clear(DOMAIN.name()));
    }

    @Test
    void twoValuesStandAtOnePlaceAtOnce() {
        get(challenges().present(name, Set.of("of-the_name", "of-the_wildcard")));

        assertThat(values(name)).containsExactlyInAnyOrder("of-the_name", "of-the_wildcard");
    }

    @Test
    void theDomainItselfHasAPlaceToo() {
        get(challenges().present(DOMAIN.name(), Set.of("value")));

        assertThat(values(DOMAIN.name())).containsExactly("value");
    }

    @Test
    void presentingAgainReplaces() {
        get(challenges().present(name, Set.of("one", "two")));
        get(challenges().present(name, Set.of("three")));
        get(challenges().present(name, Set.of("three")));

        assertThat(values(name)).containsExactly("three");
    }

    @Test
    void clearingTwiceIsClearingOnce() {
        get(challenges().present(name, Set.of("one", "two")));

        get(challenges().clear(name));
        get(challenges().clear(name));

        assertThat(values(name)).isEmpty();
        assertThat(get(challenges().standing())).doesNotContain(name);
    }

    @Test
    void whatStandsIsFound() {
        get(Uni.join()
                .all(challenges().present(name, Set.of("one")), challenges().present(DOMAIN.name(), Set.of("two")))
                .andFailFast());

        assertThat(get(challenges().standing())).containsExactlyInAnyOrder(name, DOMAIN.name());
    }

    @Test
    void foreignNamesAndValuesAreRefused() {
        for (String foreign : new String[] {"", "www." + DOMAIN.name(), "*." + name, "x." + name, "example.org"}) {
            assertThatThrownBy(() -> get(challenges().present(foreign, Set.of("value"))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> get(challenges().present(name, Set.of("a\"b"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> get(challenges().present(name, Set.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    protected static <T> T get(Uni<T> work) {
        return work.await().atMost(LIMIT);
    }
}
