package org.ttm4j.serve.http;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.ttm4j.serve.settings.Settings.TlsSettings;

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
            boolean asks = settings.clientAuthorities() != null;
            context.init(keys.getKeyManagers(), asks ? trusting(settings.clientAuthorities()) : null, null);
            return Tls.builder()
                    .sslContext(context)
                    // Probes of health have none. A certificate of another authority ends the handshake.
                    .clientAuth(asks ? TlsClientAuth.OPTIONAL : TlsClientAuth.NONE)
                    .addEnabledProtocol("TLSv1.3")
                    .addEnabledProtocol("TLSv1.2")
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IOException(settings.keyStore() + ": expected a key with the password of the store", e);
        }
    }

    private static TrustManager[] trusting(Path authorities) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(authorities)) {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + store.size(), one);
            }
        } catch (CertificateException | NoSuchFileException e) {
            throw new IOException(authorities + ": expected a file of certificates in PEM", e);
        }
        if (store.size() == 0) throw new IOException(authorities + ": expected certificates in PEM, found none");
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
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
