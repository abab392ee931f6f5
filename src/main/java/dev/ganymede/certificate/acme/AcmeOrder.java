package dev.ganymede.certificate.acme;

import dev.ganymede.certificate.OrderException;
import dev.ganymede.certificate.OrderException.Kind;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.util.CSRBuilder;

/** An order at the authority, and what is done with it. Blocking, each call within the given patience. */
final class AcmeOrder {

    private final Order order;
    private final Duration patience;

    private AcmeOrder(Order order, Duration patience) {
        this.order = order;
        this.patience = patience;
    }

    static AcmeOrder at(URI address, Login login, Duration patience) {
        try {
            return new AcmeOrder(login.bindOrder(address.toURL()), patience);
        } catch (MalformedURLException e) {
            throw new OrderException(Kind.REFUSED, "not an order's address: " + address);
        }
    }

    /** What is to be proven still, by the names without {@code *.}: a name and the wildcard below it want one value each, at the same place. */
    Map<String, Set<String>> openProofs() throws AcmeException {
        order.fetch();
        if (order.getStatus() == Status.INVALID) {
            throw dead();
        }
        return order.getAuthorizations().stream()
                .filter(authorization -> authorization.getStatus() == Status.PENDING)
                .collect(Collectors.groupingBy(
                        authorization -> authorization.getIdentifier().getDomain(),
                        Collectors.mapping(
                                authorization -> challenge(authorization).getDigest(), Collectors.toSet())));
    }

    /** The authority is to look, and its verdict is waited for. */
    void haveProofsChecked() throws AcmeException, InterruptedException {
        List<Authorization> open = order.getAuthorizations().stream()
                .filter(authorization -> authorization.getStatus() == Status.PENDING)
                .toList();
        for (Authorization authorization : open) {
            Dns01Challenge challenge = challenge(authorization);
            if (challenge.getStatus() == Status.PENDING) {
                challenge.trigger();
            }
        }
        for (Authorization authorization : open) {
            if (authorization.waitForCompletion(patience) != Status.VALID) {
                throw refused(authorization);
            }
        }
    }

    /** Signed now, or before. */
    String certificate(List<String> names, KeyPair keys) throws AcmeException, InterruptedException, IOException {
        order.fetch();
        if (order.getStatus() == Status.PENDING) {
            order.waitUntilReady(patience);
        }
        if (order.getStatus() == Status.READY) {
            CSRBuilder request = new CSRBuilder();
            request.addDomains(names);
            request.sign(keys);
            order.execute(request.getEncoded());
        }
        if (order.waitForCompletion(patience) != Status.VALID) {
            throw dead();
        }
        StringWriter pem = new StringWriter();
        order.getCertificate().writeCertificate(pem);
        return pem.toString();
    }

    private static Dns01Challenge challenge(Authorization authorization) {
        return authorization
                .findChallenge(Dns01Challenge.class)
                .orElseThrow(() ->
                        new OrderException(Kind.REFUSED, "the authority takes no DNS-01 for " + named(authorization)));
    }

    private static OrderException refused(Authorization authorization) {
        String why = authorization
                .findChallenge(Dns01Challenge.class)
                .flatMap(Challenge::getError)
                .map(AcmeFailures::explained)
                .orElse("its authorization is " + authorization.getStatus());
        return new OrderException(Kind.REFUSED, named(authorization) + ": " + why);
    }

    private OrderException dead() {
        String why = order.getError().map(AcmeFailures::explained).orElse("the order is " + order.getStatus());
        return new OrderException(Kind.REFUSED, why);
    }

    private static String named(Authorization authorization) {
        return authorization.getIdentifier().getDomain();
    }
}
