package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ttm4j.serve.settings.Limits;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.TlsSettings;

/** HTTPS with the key of a file. */
@Tag("process")
class TlsTest {
    private static final String PASSWORD = "s3cret of the store";

    @TempDir
    static Path folder;
    private static Path keys;

    @BeforeAll
    static void makeKey() throws Exception {
        keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "service", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
                "san=dns:localhost,ip:127.0.0.1", "-keystore", keys.toString(), "-storepass", PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, keytool.waitFor());
    }

    private static SSLContext trusting() throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void requestsAreAnsweredOverTlsAndNotWithoutIt() throws Exception {
        try (Service service = new Service(Settings.defaults().withTls(new TlsSettings(keys, PASSWORD)));
                HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + service.server.port() + "/v2/health/live"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode());
            assertEquals("TLSv1.3", response.sslSession().orElseThrow().getProtocol());
            assertThrows(IOException.class, () -> service.get("/v2/health/live"));
        }
    }

    /** Neither before the handshake nor in it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aClientThatIsSilentIsLeft(int bytes) throws Exception {
        Limits all = Limits.defaults();
        Limits limits = new Limits(all.bodyBytes(), all.channels(), all.history(), all.horizon(), all.numbers(),
                all.levels(), all.depth(), Duration.ofMillis(300), all.requestTime(), all.connections(), all.series(),
                all.listeners());
        try (Service service = new Service(
                Settings.defaults().withLimits(limits).withTls(new TlsSettings(keys, PASSWORD)));
                Socket socket = new Socket("127.0.0.1", service.server.port())) {
            socket.setSoTimeout(20_000); // against hanging alone
            socket.getOutputStream().write(new byte[]{0x16}, 0, bytes);
            assertTrue(socket.getInputStream().readAllBytes().length < 100);
        }
    }

    @Test
    void aFileThatIsNoKeySaysSoWithoutThePassword() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "no key");
        for (TlsSettings wrong : new TlsSettings[]{new TlsSettings(keys, "another"), new TlsSettings(text, PASSWORD),
                new TlsSettings(folder.resolve("none"), PASSWORD)}) {
            IOException e = assertThrows(IOException.class, () -> new Service(Settings.defaults().withTls(wrong)));
            assertFalse(e.toString().contains(wrong.password()), e.toString());
            assertTrue(e.getMessage().contains(wrong.keyStore().toString()), e.toString());
            boolean missing = wrong.keyStore().endsWith("none");
            assertEquals(missing,
                    e.getMessage().endsWith("none: no such file: expected a key store of PKCS #12 or JKS"),
                    e.toString());
        }
    }
}
