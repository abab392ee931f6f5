package dev.ganymede.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.id.OrganizationId;
import org.junit.jupiter.api.Test;

class FakeDnsZoneTest extends DnsZoneContract {

    private final FakeDnsZone fake = new FakeDnsZone();

    @Test
    void aBrokenServerFailsAsOftenAsToldToAndChangesNothing() {
        OrganizationId organization = organization();
        fake.failNext(1);

        assertThatThrownBy(() -> get(fake.publish(organization, HERE))).isInstanceOf(DnsException.class);
        assertThat(published()).isEmpty();
    }

    @Override
    protected DnsZone zone() {
        return fake;
    }

    @Override
    protected void damage(OrganizationId organization) {
        fake.damage(organization);
    }

    @Test
    void anUnavailableServerFailsChangesAtOnceAndStillAnswersAPing() {
        fake.unavailable(true);
        assertThat(fake.available()).isFalse();
        assertThatThrownBy(() -> get(fake.publish(organization(), HERE))).isInstanceOf(DnsException.class);
        get(fake.ping());
        fake.unavailable(false);
        assertThat(fake.available()).isTrue();
    }
}
