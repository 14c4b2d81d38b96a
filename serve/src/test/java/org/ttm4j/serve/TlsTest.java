package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.TlsSettings;

/** HTTPS with the key of a file. */
@Tag("process")
class TlsTest {
    private static final String PASSWORD = "s3cret of the store";
    /** Of the keytool; an argument a line. */
    private static final List<String> COMMANDS = new ArrayList<>();

    @TempDir
    static Path folder;
    private static Path keys;

    @BeforeAll
    static void makeKey() throws Exception {
        keys = folder.resolve("keys.p12");
        keytool("-genkeypair -keyalg EC -alias service -keystore keys.p12 -ext san=dns:localhost,ip:127.0.0.1 -dname",
                "CN=localhost");
        for (String authority : new String[]{"ca", "other"}) {
            keytool("-genkeypair -keyalg EC -alias ca -ext bc:c -keystore " + authority + ".p12 -dname",
                    "CN=authority");
            keytool("-exportcert -rfc -alias ca -keystore " + authority + ".p12 -file " + authority + ".pem");
        }
        client("studio", "ca", "O=Customer, CN=studio");
        client("nameless", "ca", "O=Customer");
        client("stranger", "other", "CN=studio");
        client("alice", "ca", "CN=alice, CN=Users, O=Customer");
        Path commands = Files.writeString(folder.resolve("commands"), String.join("\n\n", COMMANDS));
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--add-exports",
                "java.base/sun.security.tools.keytool=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Keytool.class.getName(), commands.toString()).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.txt").toFile())
                .start();
        assertEquals(0, keytool.waitFor(), () -> read(folder.resolve("keytool.txt")));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Runs the JDK's keytool once a command, all in one process. */
    static final class Keytool {
        public static void main(String[] commands) throws Exception {
            Method keytool = Class.forName("sun.security.tools.keytool.Main").getMethod("main", String[].class);
            for (String command : Files.readString(Path.of(commands[0])).split("\n\n")) {
                keytool.invoke(null, (Object) command.split("\n"));
            }
        }
    }

    /** A key with a certificate that an authority has signed. */
    private static void client(String name, String authority, String subject) {
        String store = " -keystore " + name + ".p12";
        keytool("-genkeypair -keyalg EC -alias client" + store + " -dname", subject);
        keytool("-certreq -alias client -file " + name + ".csr" + store);
        keytool("-gencert -rfc -alias ca -keystore " + authority + ".p12 -infile " + name + ".csr -outfile " + name
                + ".pem");
        keytool("-importcert -noprompt -alias ca -file " + authority + ".pem" + store);
        keytool("-importcert -noprompt -alias client -file " + name + ".pem" + store);
    }

    private static void keytool(String arguments, String... more) {
        List<String> command = new ArrayList<>(List.of(arguments.split(" ")));
        command.addAll(List.of(more));
        command.addAll(List.of("-storepass", PASSWORD));
        COMMANDS.add(String.join("\n", command));
    }

    /** @param client null for one without a certificate */
    private static SSLContext trusting(String client) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (client != null) {
            char[] password = PASSWORD.toCharArray();
            own.init(KeyStore.getInstance(folder.resolve(client + ".p12").toFile(), password), password);
        }
        context.init(client == null ? null : own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void requestsAreAnsweredOverTlsAndNotWithoutIt() throws Exception {
        try (Service service = new Service(Settings.defaults().withTls(new TlsSettings(keys, PASSWORD, null)));
                HttpClient client = HttpClient.newBuilder().sslContext(trusting(null)).build()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + service.server.port() + "/v2/health/live"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode());
            assertEquals("TLSv1.3", response.sslSession().orElseThrow().getProtocol());
            assertThrows(IOException.class, () -> service.get("/v2/health/live"));
        }
    }

    private static HttpResponse<String> get(Service service, String client, String path, String... headers)
            throws Exception {
        try (HttpClient http = HttpClient.newBuilder().sslContext(trusting(client)).build()) {
            HttpRequest.Builder request = HttpRequest
                    .newBuilder(URI.create("https://127.0.0.1:" + service.server.port() + path));
            if (headers.length > 0) request.headers(headers);
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void aCertificateOfAnAuthorityNamesItsClient() throws Exception {
        Path token = Files.writeString(folder.resolve("tokens"),
                "studio - rate=0.001 burst=2\nalice - rate=0.001 burst=1\nnightly nightly-0123456789abcdef\n");
        Settings settings = Settings.defaults()
                .withTls(new TlsSettings(keys, PASSWORD, folder.resolve("ca.pem")))
                .withTokenFile(token);
        try (Service service = new Service(settings)) {
            assertEquals(204, get(service, null, "/health/live").statusCode());
            assertEquals(401, get(service, null, "/v2").statusCode());
            assertEquals(401, get(service, "nameless", "/v2").statusCode());
            assertThrows(IOException.class, () -> get(service, "stranger", "/health/live"));
            for (int i = 0; i < 2; i++) assertEquals(200, get(service, "studio", "/v2").statusCode());
            HttpResponse<String> refused = get(service, "studio", "/v2");
            assertEquals(429, refused.statusCode());
            assertTrue(refused.body().contains("expected of studio at most"), refused.body());
            String bearer = "Bearer nightly-0123456789abcdef";
            String metrics = get(service, "studio", "/metrics", "Authorization", bearer).body();
            assertTrue(metrics.contains("ttm4j_client_requests_total{client=\"studio\"} 3.0"), metrics);
            assertEquals(401, get(service, "studio", "/v2", "Authorization", "Bearer another").statusCode());
            assertEquals(200, get(service, "alice", "/v2").statusCode());
            assertEquals(429, get(service, "alice", "/v2").statusCode(), "the folder of users has no limits");
        }
    }

    /** Without tokens: whoever has a certificate may call, from any host. */
    @Test
    void certificatesAloneLetClientsIn() throws Exception {
        Settings settings = Settings.defaults().withTls(new TlsSettings(keys, PASSWORD, folder.resolve("ca.pem")));
        try (Service service = new Service(settings)) {
            assertEquals(200, get(service, "studio", "/v2").statusCode());
            assertEquals(401, get(service, null, "/v2").statusCode());
            assertEquals(401, get(service, null, "/v2", "Authorization", "Bearer ").statusCode());
        }
        for (String wrong : new String[]{"none.pem", "keys.p12"}) {
            TlsSettings tls = new TlsSettings(keys, PASSWORD, folder.resolve(wrong));
            IOException e = assertThrows(IOException.class, () -> new Service(Settings.defaults().withTls(tls)));
            assertTrue(e.getMessage().contains(wrong + ": expected"), e.getMessage());
        }
    }

    @Test
    void aFileThatIsNoKeySaysSoWithoutThePassword() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "no key");
        for (TlsSettings wrong : new TlsSettings[]{new TlsSettings(keys, "another", null),
                new TlsSettings(text, PASSWORD, null), new TlsSettings(folder.resolve("none"), PASSWORD, null)}) {
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
