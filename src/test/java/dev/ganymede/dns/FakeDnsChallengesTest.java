package dev.ganymede.dns;

import java.util.Set;

class FakeDnsChallengesTest extends DnsChallengesContract {

    private final FakeDnsChallenges fake = new FakeDnsChallenges(DOMAIN);

    @Override
    protected DnsChallenges challenges() {
        return fake;
    }

    @Override
    protected Set<String> values(String name) {
        return fake.values(name);
    }
}
