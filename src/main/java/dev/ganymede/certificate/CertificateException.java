package dev.ganymede.certificate;

/** No certificate could be issued; the message names the file or the names it is about, never a key. */
public final class CertificateException extends RuntimeException {

    CertificateException(String message) {
        super(message);
    }

    CertificateException(String message, Throwable cause) {
        super(message, cause);
    }
}
