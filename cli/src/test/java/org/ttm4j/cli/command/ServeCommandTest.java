package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.cli.Main;
import org.ttm4j.cli.console.Console;

/** The arguments of {@code ttm serve}. */
class ServeCommandTest {
    private static final Pattern ADDRESS = Pattern.compile("listening on (http://127\\.0\\.0\\.1:\\d+)");

    @TempDir
    Path folder;

    private void refused(String message, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "serve";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        CliRun run = CliRun.in(folder, all);
        assertTrue(run.code() != 0, run.out());
        assertTrue(run.err().contains(message), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
        assertEquals("", run.out());
    }

    @Test
    void argumentsAtFaultAreRefusedBeforeItListens() throws Exception {
        Files.writeString(folder.resolve("short"), "abc\n");
        Files.writeString(folder.resolve("text"), "this is no store and no key\n");
        refused("--port", "--port", "65536");
        refused("--port", "--port", "x");
        refused("--workers", "--workers", "0");
        refused("expected no operand", "now");
        for (String none : new String[]{"foo", "*", "https://example.org/", "https://Example.org"}) {
            refused("--cors: expected an origin such as https://example.org, found '" + none + "'", "--cors", none);
        }
        refused("--model: expected a folder", "--model", "none");
        refused("--model: expected folders with different names", "--model", "/", "--port", "0", "--store", "none");
        refused("at least 16 printable", "--token-file", "short");
        refused("none", "--token-file", "none");
        refused("a token is needed", "--host", "0.0.0.0", "--port", "0", "--store", "none");
        refused("--driver: expected with --store jdbc:", "--driver", "x.jar");
        refused("--tls-password-file: expected with --tls", "--tls-password-file", "short");
        refused("--tls-clients: expected with --tls alone", "--tls-clients", "text");
        refused("--webhook-secret-file: expected with --webhook", "--webhook-secret-file", "short");
        refused("TTM_TLS_PASSWORD", "--tls", "text");
        refused("text: ", "--tls", "text", "--tls-password-file", "short", "--store", "none");
        refused("it is no store of series", "--port", "0", "--store", "text");
        refused("x.jar: no such file", "--port", "0", "--store", "jdbc:postgresql://127.0.0.1/x", "--driver", "x.jar");
        refused("ttm: no JDBC driver takes the address of the store: expected one such as "
                + "jdbc:postgresql://host:5432/name, with %25 for a %, and the jar of a driver such as "
                + "org.postgresql:postgresql", "--port", "0", "--store", "jdbc:other:x?password=s3cret");
        refused("none.p12: no such file: expected a key store of PKCS #12 or JKS", "--tls", "none.p12",
                "--tls-password-file", "short", "--store", "none");
        assertFalse(CliRun.in(folder, "serve", "--store", "jdbc:other:x?password=s3cret").err().contains("s3cret"));
    }

    @Test
    void aPortThatIsTakenIsSaidInALine() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(other.getLocalPort());
            CliRun run = CliRun.in(folder, "serve", "--port", port, "--store", "none");
            assertEquals(1, run.code(), run.err());
            assertEquals("ttm: 127.0.0.1:" + port + " cannot be listened on; another program may hold this port",
                    run.err().strip());
        }
    }

    @Test
    void itListensWithTokenAndStoreUntilItIsStopped() throws Exception {
        Files.writeString(folder.resolve("token"), "0123456789abcdef\n");
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, folder);
        Thread serving = Thread.ofPlatform()
                .start(() -> Main.run(
                        List.of("serve", "--port", "0", "--token-file", "token", "--store", "kept/series.mv"),
                        console));
        Matcher address = ADDRESS.matcher("");
        while (!address.reset(err.toString(StandardCharsets.UTF_8)).find()) {
            assertTrue(serving.isAlive(), err.toString(StandardCharsets.UTF_8));
            Thread.sleep(20);
        }
        URL series = URI.create(address.group(1) + "/v1/series/a").toURL();
        assertEquals(401, put(series, "Bearer 0"));
        assertEquals(201, put(series, "Bearer 0123456789abcdef"));
        assertTrue(Files.size(folder.resolve("kept/series.mv")) > 0);
        serving.interrupt();
        serving.join();
    }

    private static int put(URL series, String authorization) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) series.openConnection();
        connection.setRequestMethod("PUT");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("Authorization", authorization);
        connection.setDoOutput(true);
        connection.getOutputStream().write("{\"frequency\":\"P1D\"}".getBytes(StandardCharsets.UTF_8));
        return connection.getResponseCode();
    }
}
