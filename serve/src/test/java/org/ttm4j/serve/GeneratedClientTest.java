package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Background;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/** A client that openapi-generator makes from the description of the service compiles, and each operation is called, rightly and wrongly. */
@Tag("process")
class GeneratedClientTest {
    private static final Path JARS = Path.of("target/openapi").toAbsolutePath();
    /** Those that take nothing that could be wrong. */
    private static final Set<String> NEVER_WRONG = Set.of("getStudio", "getLesson", "getOldStudio", "getDescription",
            "isLive", "isReady", "getMetrics", "getServer", "isServerLive", "isServerReady", "listModels",
            "getStatistics");

    @TempDir
    Path folder;

    @Test
    void aGeneratedClientCompilesAndForecasts() throws Exception {
        String generator = JARS.resolve("openapi-generator-cli.jar").toString();
        assumeTrue(Files.exists(Path.of(generator)), "no openapi-generator: mvn -Pall copies it to " + JARS);
        Files.createDirectory(folder.resolve("models"));
        try (Service service = new Service(Settings.defaults()
                .withStore(StoreSettings.file(folder.resolve("series.mv")))
                .withBackground(new Background(folder.resolve("models"), List.of(), null, null)))) {
            service.server.awaitReady();
            Path description = Files.writeString(folder.resolve("openapi.json"), service.get("/openapi.json").body());
            java("-jar", generator, "generate", "-i", description.toString(), "-g", "java", "--library", "native", "-o",
                    folder.resolve("client").toString(), "--global-property",
                    "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false",
                    "--additional-properties=openApiNullable=false,useJakartaEe=true,apiPackage=client.api,"
                            + "modelPackage=client.model,invokerPackage=client");
            Path main = Path.of("src/test/resources/client/Main.java");
            String classPath = generator + ":" + JARS.resolve("jakarta.annotation-api.jar");
            List<String> compile = new ArrayList<>(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC",
                    "-proc:none", "-nowarn", "-cp", classPath, "-d", folder.resolve("classes").toString()));
            try (Stream<Path> sources = Files.walk(folder.resolve("client/src/main/java"))) {
                sources.filter(Files::isRegularFile).map(Path::toString).forEach(compile::add);
            }
            compile.add(main.toString());
            run("javac", compile);
            String said = java("-cp", classPath + ":" + folder.resolve("classes"), "Main",
                    "http://127.0.0.1:" + service.server.port());
            assertEveryOperation(said.lines().toList(), Service.json(service.get("/openapi.json")));
        }
    }

    private static void assertEveryOperation(List<String> said, JsonNode api) {
        Set<String> right = new TreeSet<>();
        Set<String> wrong = new TreeSet<>();
        List<String> other = new ArrayList<>();
        for (String line : said) {
            String[] parts = line.split(" ", 4);
            boolean isProblem = parts.length > 3 && parts[2].matches("[45]\\d\\d");
            (parts[0].equals("right") ? right : wrong).add(parts[1]);
            boolean isAsExpected = parts[0].equals("right")
                    ? !isProblem
                    : isProblem && parts[2].startsWith("4") && parts[3].length() > 20;
            if (!isAsExpected) other.add(line);
        }
        assertEquals(List.of(), other);
        assertTrue(said.contains("right forecast 4") && said.contains("right forecast [total, item=1, item=2]"),
                said.toString());
        assertTrue(said.contains("right getBacktest done"), said.toString());
        Set<String> all = new TreeSet<>(api.findValuesAsText("operationId"));
        // Assistants are not let in by this service.
        assertEquals(all.stream().filter(one -> !one.equals("answerAssistant")).toList(), List.copyOf(right));
        assertEquals(all.stream().filter(one -> !NEVER_WRONG.contains(one)).toList(), List.copyOf(wrong));
    }

    private static String java(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        all.addAll(List.of(arguments));
        return run("java", all);
    }

    private static String run(String program, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", program).toString()));
        command.addAll(arguments);
        Path errors = Files.createTempFile("generated-client", ".txt");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), () -> program + ": " + said + read(errors));
        Files.delete(errors);
        return said;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
