package dev.ganymede.certificate.acme;

import dev.ganymede.certificate.CertificateException;
import dev.ganymede.certificate.OrderException;
import dev.ganymede.certificate.OrderException.Kind;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;

/** What acme4j throws, by what is to be done about it; a pure function. */
final class AcmeFailures {

    private static final String PREFIX = "urn:ietf:params:acme:error:";
    private static final int MAX_LENGTH = 300;
    private static final Set<String> ABOUT_ACCOUNT = Set.of(
            "accountDoesNotExist", "externalAccountRequired", "invalidContact", "unauthorized", "unsupportedContact");
    private static final Set<String> ABOUT_SERVER = Set.of("serverInternal", "badNonce");

    private AcmeFailures() {}

    static OrderException of(Throwable failure) {
        if (failure instanceof OrderException known) {
            return known;
        }
        if (failure instanceof AcmeLazyLoadingException lazy && lazy.getCause() != null) {
            return of(lazy.getCause());
        }
        if (failure instanceof AcmeRateLimitedException limited) {
            return new OrderException(
                    Kind.RATE_LIMITED, explained(limited.getProblem()), limited.getRetryAfter(), limited);
        }
        if (failure instanceof AcmeServerException answer) {
            return new OrderException(kind(answer), explained(answer.getProblem()), Optional.empty(), answer);
        }
        if (failure instanceof CertificateException || failure instanceof IllegalArgumentException) {
            return new OrderException(Kind.ACCOUNT, shortened(failure.getMessage()), Optional.empty(), failure);
        }
        // acme4j says no more than "network error" itself
        Throwable about = failure instanceof AcmeException && failure.getCause() != null ? failure.getCause() : failure;
        return new OrderException(
                Kind.UNREACHABLE,
                "the authority gave no answer: " + shortened(about.toString()),
                Optional.empty(),
                failure);
    }

    /** The authority's own words, with what it says about each name. */
    static String explained(Problem problem) {
        return shortened(Stream.concat(Stream.of(problem), problem.getSubProblems().stream())
                .map(Problem::toString)
                .distinct()
                .collect(Collectors.joining("; ")));
    }

    private static Kind kind(AcmeServerException answer) {
        String type = answer.getType().toString().replace(PREFIX, "");
        if (answer instanceof AcmeUserActionRequiredException || ABOUT_ACCOUNT.contains(type)) {
            return Kind.ACCOUNT;
        }
        return ABOUT_SERVER.contains(type) ? Kind.UNREACHABLE : Kind.REFUSED;
    }

    private static String shortened(String text) {
        String line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
