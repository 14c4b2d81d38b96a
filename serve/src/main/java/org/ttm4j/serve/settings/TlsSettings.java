package org.ttm4j.serve.settings;

import java.nio.file.Path;

/**
 * The key of the service. Immutable.
 *
 * @param keyStore a file of PKCS #12 or JKS with one private key and its certificates
 * @param password of the file and of the key
 */
public record TlsSettings(Path keyStore, String password) {
    /** Without the password. */
    @Override
    public String toString() {
        return keyStore.toString();
    }
}
