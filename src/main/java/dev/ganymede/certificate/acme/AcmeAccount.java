package dev.ganymede.certificate.acme;

import dev.ganymede.certificate.KeyPairFile;
import dev.ganymede.certificate.OrderException;
import dev.ganymede.certificate.OrderException.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.AcmeProvider;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** Our account with the authority: its key is all there is to keep, since registering a known key answers the account that it has. Blocking, safe for concurrent use. */
final class AcmeAccount {

    private final AcmeConfig config;
    private final KeyPairFile key;
    private final Optional<Path> trustFile;
    private Login login;

    AcmeAccount(AcmeConfig config, Path keyFile, Optional<Path> trustFile) {
        this.config = config;
        this.key = new KeyPairFile(keyFile);
        this.trustFile = trustFile;
    }

    synchronized Login login() throws AcmeException {
        if (login == null) {
            login = register();
        }
        return login;
    }

    /** It is asked for anew the next time: the authority may have forgotten it. */
    synchronized void forget() {
        login = null;
    }

    private Login register() throws AcmeException {
        if (!config.acceptTerms()) {
            throw new OrderException(
                    Kind.ACCOUNT,
                    "the authority's terms are not accepted: set ganymede.certificate.acme.accept-terms when they are");
        }
        AccountBuilder account = new AccountBuilder().agreeToTermsOfService().useKeyPair(key.loadOrCreate());
        config.contact().orElse(List.of()).forEach(account::addContact);
        AcmeConfig.ExternalAccount external = config.externalAccount();
        if (external.keyId().isPresent() && external.hmacKey().isPresent()) {
            account.withKeyIdentifier(external.keyId().get(), external.hmacKey().get());
        }
        return account.createLogin(session());
    }

    private Session session() {
        URI directory = config.directory()
                .orElseThrow(() ->
                        new OrderException(Kind.ACCOUNT, "ganymede.certificate.acme.directory names no authority"));
        // named, instead of found among the services on the class path: a native image has none
        AcmeProvider provider =
                trustFile.isPresent() ? new TrustingProvider(trustFile.get()) : new GenericAcmeProvider();
        Session session = new Session(directory, provider);
        session.networkSettings().setTimeout(config.timeout());
        return session;
    }
}
