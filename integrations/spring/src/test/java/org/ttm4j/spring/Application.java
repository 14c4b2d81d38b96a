package org.ttm4j.spring;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ttm4j.autograd.Graph;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.spring.shop.Shop;
import org.ttm4j.ttm.model.TtmModel;

/** The application of the tests in a process of its own, on some version of Spring Boot. */
final class Application implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Pattern STARTED = Pattern.compile("Started Shop in ([0-9.]+) seconds");

    private final Process process;
    private final Path log;
    private final HttpClient client = HttpClient.newHttpClient();

    private Application(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** The jars of a version of Spring Boot. */
    static String jars(String version) throws IOException, InterruptedException {
        Path list = Path.of("target", "jars-of-boot-" + version).toAbsolutePath();
        if (Files.exists(list)) return Files.readString(list);
        Process maven;
        try {
            maven = new ProcessBuilder("mvn", "-B", "-q", "-f", "src/test/application/pom.xml", "-Dboot=" + version,
                    "dependency:build-classpath", "-Dmdep.outputFile=" + list).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "no Maven to fetch Spring Boot " + version + ": " + e.getMessage());
            throw e;
        }
        String said = new String(maven.getInputStream().readAllBytes());
        assertTrue(maven.waitFor() == 0, said);
        return Files.readString(list);
    }

    /** Starts it on a port that is free. */
    static Application start(String jars, Path folder, String... options) throws IOException {
        String library = Stream
                .of(Shop.class, TtmAutoConfiguration.class, Forecaster.class, TtmModel.class, Graph.class,
                        KernelSelection.class)
                .map(Application::place)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        Path log = Files.createTempFile(folder, "application", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Dttm4j.kernels=scalar", "-Dttm4j.shortWarmUp=true", "-cp",
                library + File.pathSeparator + jars, Shop.class.getName(), "--server.port=0",
                "--management.endpoints.web.exposure.include=*", "--management.endpoint.health.show-details=always",
                "--management.endpoint.health.probes.enabled=true"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        return new Application(process, log);
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Seconds until it was ready, by its own account. */
    double awaitStart() throws IOException, InterruptedException {
        return Double.parseDouble(await(STARTED));
    }

    /** Waits until it ends by itself, and returns what it printed. */
    String awaitEnd() throws IOException, InterruptedException {
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it runs on");
        return Files.readString(log);
    }

    private String await(Pattern line) throws IOException, InterruptedException {
        while (true) {
            boolean runs = process.isAlive();
            Matcher found = line.matcher(Files.readString(log));
            if (found.find()) return found.group(1);
            if (!runs) return fail(Files.readString(log));
            Thread.sleep(20);
        }
    }

    String get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + await(PORT) + path);
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(uri).build(),
                HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
