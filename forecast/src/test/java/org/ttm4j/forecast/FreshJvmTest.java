package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.autograd.Graph;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.forecast.Forecaster.WarmedUp;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.model.TtmModel;

/** What needs a JVM of its own: which kernels its first forecasts run on, and what becomes of a full heap. */
@Tag("process")
class FreshJvmTest {

    private static String run(Class<?> program, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                        String.join(File.pathSeparator, location(KernelSelection.class), location(Graph.class),
                                location(TtmModel.class), location(Forecaster.class), location(Samples.class),
                                location(FreshJvmTest.class))));
        command.addAll(Arrays.asList(options));
        command.add(program.getName());
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), printed);
        return printed;
    }

    private static String location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    @Test
    void theFirstForecastsRunOnPlainJavaAndLaterOnesOnVectors() throws Exception {
        assumeTrue(KernelSelection.active().name().equals("vector"), "skipped: no vectors here");
        String scalar = run(FirstForecast.class, "-Dttm4j.kernels=scalar");
        String vector = run(FirstForecast.class, "--add-modules", "jdk.incubator.vector", "-Dttm4j.kernels=vector");
        String automatic = run(FirstForecast.class, "--add-modules", "jdk.incubator.vector");
        String[] kernels = {"scalar", "vector"};
        assertEquals(List.of(kernels), List.of(scalar.split(" ")[2], vector.split(" ")[2]));
        assertEquals(scalar.split(" ")[0], automatic.split(" ")[0], "the first forecast");
        assertEquals(vector.split(" ")[1], automatic.split(" ")[1], "after warmUp()");
        assertEquals("vector", automatic.split(" ")[2]);
        assertEquals(vector.split(" ")[0], vector.split(" ")[1], "a set that is named is used from the first call");
    }

    /** Prints hashes of the forecast before and after the warm-up, and the kernels then. */
    static final class FirstForecast {
        private FirstForecast() {}

        public static void main(String[] arguments) {
            ModelForecaster forecaster = Forecaster.bundled("96-24").fast();
            float[][] history = ForecasterTest.walks(1, 1, 96);
            int first = Arrays.deepHashCode(forecaster.forecast(history).values());
            WarmedUp warm = forecaster.warmUp();
            System.out.println(
                    first + " " + Arrays.deepHashCode(forecaster.forecast(history).values()) + " " + warm.kernels());
        }
    }

    @Test
    void aForecasterOutlivesAFullHeap() throws Exception {
        assertEquals("OutOfMemoryError, then 16 steps",
                run(FullHeap.class, "-Xmx64m", "-XX:+UseSerialGC", "-Dttm4j.kernels=scalar"));
    }

    /** Forecasts many series in a heap that is full, and again when it is not. */
    static final class FullHeap {
        private FullHeap() {}

        public static void main(String[] arguments) {
            Forecaster forecaster = Forecaster
                    .of(new TtmModel(ForecasterTest.small().set(Key.D_MODEL, 512).set(Key.DECODER_D_MODEL, 128).build())
                            .initialize(1))
                    .fast();
            List<ForecastRequest> requests = new ArrayList<>();
            for (int i = 0; i < 32; i++) requests.add(ForecastRequest.of(ForecasterTest.walks(i, 1, ForecasterTest.L)));
            forecaster.forecast(requests.get(0));
            List<byte[]> ballast = new ArrayList<>();
            String first = "no error";
            try {
                for (int size = 1 << 22; size >= 1 << 10; size /= 2) fill(ballast, size);
                forecaster.forecastAll(requests);
            } catch (OutOfMemoryError e) {
                ballast.clear();
                first = "OutOfMemoryError";
            }
            System.out.println(
                    first + ", then " + forecaster.forecastAll(requests).get(31).orElseThrow().horizon() + " steps");
        }

        private static void fill(List<byte[]> ballast, int size) {
            try {
                while (true) ballast.add(new byte[size]);
            } catch (OutOfMemoryError full) {
                // That is what it is for.
            }
        }
    }
}
