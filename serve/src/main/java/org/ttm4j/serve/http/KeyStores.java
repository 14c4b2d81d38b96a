package org.ttm4j.serve.http;

import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.ttm4j.serve.settings.TlsSettings;

/** TLS 1.2 and 1.3 with the key of a file. */
public final class KeyStores {
    private KeyStores() {}

    /** @throws IOException when the file has no key for this password */
    public static Tls tls(TlsSettings settings) throws IOException {
        char[] password = settings.password().toCharArray();
        KeyStore store = load(settings, password);
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return Tls.builder()
                    .sslContext(context)
                    .addEnabledProtocol("TLSv1.3")
                    .addEnabledProtocol("TLSv1.2")
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IOException(settings.keyStore() + ": expected a key with the password of the store", e);
        }
    }

    private static KeyStore load(TlsSettings settings, char[] password) throws IOException {
        if (!Files.isRegularFile(settings.keyStore())) {
            throw new IOException(settings.keyStore() + ": no such file: expected a key store of PKCS #12 or JKS");
        }
        try {
            KeyStore store = KeyStore.getInstance(settings.keyStore().toFile(), password);
            for (String alias : Collections.list(store.aliases())) if (store.isKeyEntry(alias)) return store;
        } catch (GeneralSecurityException | IllegalArgumentException | IOException e) {
            throw new IOException(settings.keyStore() + ": expected a key store of PKCS #12 or JKS, and its password",
                    e);
        }
        throw new IOException(settings.keyStore() + ": expected a private key, found certificates alone");
    }
}
