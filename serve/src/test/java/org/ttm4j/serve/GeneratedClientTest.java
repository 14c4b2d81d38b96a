package org.ttm4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.StoreSettings;

/** A client that openapi-generator makes from the description of the service compiles, forecasts and reports problems. */
@Tag("process")
class GeneratedClientTest {
    private static final Path JARS = Path.of("target/openapi").toAbsolutePath();
    private static final String MAIN = """
            import client.*;
            import client.api.*;
            import client.model.*;
            import java.util.*;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ApiClient client = new ApiClient();
                    client.updateBaseUri(arguments[0]);
                    ServiceApi service = new ServiceApi(client);
                    List<Object> values = new ArrayList<>();
                    StringBuilder table = new StringBuilder("value\\n");
                    for (int t = 0; t < 700; t++) {
                        values.add(10 + t % 4);
                        table.append(10 + t % 4).append('\\n');
                    }
                    Forecast one = service.forecast(new ForecastRequest()
                            .horizon(4)
                            .addSeriesItem(new Series().id("a").values(values)), null, null, null, null, null, null, null,
                            null, null, null, null, null, null).getForecasts().get(0);
                    System.out.println(one.getId() + " " + one.getValues().size());
                    SeriesApi series = new SeriesApi(client);
                    System.out.println(series.putSeries("a", new SeriesSettings().frequency("PT1H")).getId()
                            + series.getSeries("a").getFrequency() + series.listSeries(null, null).getSeries().size());
                    series.deleteSeries("a");
                    JobsApi jobs = new JobsApi(client);
                    Job job = jobs.startBacktest(table.toString(), null, null, null, "fast", null, null, null, "4", null,
                            null, null, null, null, null);
                    while (job.getState() == Job.StateEnum.WAITING || job.getState() == Job.StateEnum.RUNNING) {
                        Thread.sleep(50);
                        job = jobs.getBacktest(job.getId());
                    }
                    System.out.println(job.getState());
                    jobs.deleteBacktest(job.getId());
                    for (Call call : List.<Call>of(
                            () -> jobs.getBacktest("none"),
                            () -> jobs.startFineTuning("new", "x", null, null, null, null, null, null, null),
                            () -> series.getForecast("none"),
                            () -> service.forecast(new ForecastRequest(), null, null, null, null, null, null, null, null,
                                    null, null, null, null, null))) {
                        try {
                            call.run();
                            System.out.println("no problem");
                        } catch (ApiException problem) {
                            System.out.println(problem.getCode());
                        }
                    }
                }

                interface Call {
                    void run() throws ApiException;
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void aGeneratedClientCompilesAndForecasts() throws Exception {
        String generator = JARS.resolve("openapi-generator-cli.jar").toString();
        assumeTrue(Files.exists(Path.of(generator)), "no openapi-generator: mvn -Pall copies it to " + JARS);
        try (Service service = new Service(
                Settings.defaults().withStore(StoreSettings.file(folder.resolve("series.mv"))))) {
            service.server.awaitReady();
            Path description = Files.writeString(folder.resolve("openapi.json"), service.get("/openapi.json").body());
            java("-jar", generator, "generate", "-i", description.toString(), "-g", "java", "--library", "native", "-o",
                    folder.resolve("client").toString(),
                    "--additional-properties=openApiNullable=false,useJakartaEe=true,apiPackage=client.api,"
                            + "modelPackage=client.model,invokerPackage=client");
            Path main = Files.writeString(folder.resolve("Main.java"), MAIN);
            String classPath = generator + ":" + JARS.resolve("jakarta.annotation-api.jar");
            List<String> compile = new ArrayList<>(
                    List.of("-proc:none", "-nowarn", "-cp", classPath, "-d", folder.resolve("classes").toString()));
            try (Stream<Path> sources = Files.walk(folder.resolve("client/src/main/java"))) {
                sources.filter(Files::isRegularFile).map(Path::toString).forEach(compile::add);
            }
            compile.add(main.toString());
            run("javac", compile);
            String said = java("-cp", classPath + ":" + folder.resolve("classes"), "Main",
                    "http://127.0.0.1:" + service.server.port());
            assertEquals(List.of("a 4", "aPT1H1", "done", "404", "409", "404", "422"), said.lines().toList());
        }
    }

    private static String java(String... arguments) throws IOException, InterruptedException {
        return run("java", List.of(arguments));
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
