package org.ttm4j.serve.settings;

import java.nio.file.Path;

/**
 * The key of the service. Immutable.
 *
 * @param keyStore a file of PKCS #12 or JKS with one private key and its certificates
 * @param password of the file and of the key
 * @param clientAuthorities a file of certificates in PEM, of which one must have signed that of a client, which then needs no
 *     token; null to ask for none
 */
public record TlsSettings(Path keyStore, String password, Path clientAuthorities) {
    /** Without certificates of clients. */
    public TlsSettings(Path keyStore, String password) {
        this(keyStore, password, null);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return keyStore.toString();
    }
}
