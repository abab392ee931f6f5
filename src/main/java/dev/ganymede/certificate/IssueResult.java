package dev.ganymede.certificate;

/** What an issuer answers to whoever wants a certificate. */
public sealed interface IssueResult {

    /** Here it is. */
    record Issued(KeyAndChain certificate) implements IssueResult {}

    /**
     * There is none yet. Nobody waits for it: the issuer tells when there is one.
     *
     * @param reason for operators
     */
    record NotYet(String reason) implements IssueResult {}
}
