package org.ttm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.ttm.fixtures.Recordings;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.io.Safetensors;

/**
 * The model in one file and its training in another, examples/Ttm.java and examples/TrainTtm.java: short enough to be read, and
 * right. The first forecasts as the engine does, the second learns as the recorded reference did.
 */
class SingleFileTest {
    /** Their names, for {@link ExamplesTest}. */
    static final List<String> NAMES = List.of("TrainTtm", "Ttm");

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path EXAMPLES = ROOT.resolve("examples");
    private static final Path MODELS = ROOT.resolve("ttm/src/main/resources/org/ttm4j/ttm/models");
    private static final Path SAMPLE = ROOT.resolve("data/samples/hourly-load.csv");
    private static final int LONGEST_LINE = 110;
    /** Of the deviation of a column in the context. */
    private static final double TOLERANCE = 1e-4;
    private static final int BATCH = 4;
    private static final int CHANNELS = 3;
    private static final int CONTEXT = 96;
    private static final int HORIZON = 24;

    @TempDir
    static Path classes;
    private static URLClassLoader loader;

    @TempDir
    Path folder;

    /** By the JDK alone, without preview features and warnings. */
    @BeforeAll
    static void compile() throws IOException {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, messages, messages, "--release", "21", "-Xlint:all", "-Werror", "-proc:none", "-cp", "",
                        "-d", classes.toString(), EXAMPLES.resolve("Ttm.java").toString(),
                        EXAMPLES.resolve("TrainTtm.java").toString());
        assertEquals(0, code, messages.toString(StandardCharsets.UTF_8));
        loader = new URLClassLoader(new URL[]{classes.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        loader.close();
    }

    @ParameterizedTest
    @CsvSource({"Ttm, 400", "TrainTtm, 800"})
    void isShortAndHasOneStatementALine(String name, int most) throws IOException {
        List<String> lines = Files.readAllLines(EXAMPLES.resolve(name + ".java"));
        List<String> code = lines.stream().map(SingleFileTest::code).filter(line -> !line.isBlank()).toList();
        assertTrue(code.size() <= most, name + " has " + code.size() + " lines");
        for (String line : lines) assertTrue(line.length() <= LONGEST_LINE, line);
        for (String line : code) {
            String statements = line.replaceAll("\\bfor \\(.*?;.*?;.*?\\)( |$)", "");
            assertTrue(statements.chars().filter(c -> c == ';').count() <= 1, line);
        }
    }

    /** A line without what is a comment or in quotes. */
    private static String code(String line) {
        String text = line.strip();
        if (text.startsWith("*") || text.startsWith("/*")) return "";
        return line.replaceAll("\"(\\\\.|[^\"\\\\])*\"|'(\\\\.|[^'\\\\])'", "x").replaceAll("//.*", "");
    }

    @ParameterizedTest
    @CsvSource({"512-96, 96", "1536-96, 96", "96-24, 24"})
    void forecastsTheSampleAsTheEngineWithEveryBundledModel(String model, int horizon) throws Exception {
        assertForecastOfTheEngine(SAMPLE, model, horizon);
    }

    @Test
    void forecastsSeriesWithGapsAsTheEngine() throws Exception {
        Path file = csv("gaps", "2024-03-01T00:00", 60, 700,
                t -> t > 250 && t < 380 || t % 17 == 3 ? Double.NaN : day(t),
                t -> t < 300 || t > 690 ? Double.NaN : day(t) + t * 0.1);
        assertForecastOfTheEngine(file, "512-96", 96);
    }

    @Test
    void forecastsShortHistoriesAsTheEngine() throws Exception {
        assertForecastOfTheEngine(csv("short", "2024-03-01T00:00", 60, 100, SingleFileTest::day), "512-96", 96);
        assertForecastOfTheEngine(csv("shorter", "2024-03-01T00:00", 15, 20, t -> t % 5), "512-96", 96);
    }

    @Test
    void forecastsEveryResolutionAsTheEngine() throws Exception {
        int column = 0;
        for (int minutes : new int[]{1, 2, 3, 5, 10, 15, 30, 1440, 10080}) {
            Random random = new Random(column++);
            Path file = csv("every-" + minutes, "2015-01-04T00:00", minutes, 200,
                    t -> Math.sin(t / 7.0) + 0.3 * random.nextGaussian());
            assertForecastOfTheEngine(file, "96-24", 24);
        }
    }

    @Test
    void forecastsAnyUnitsAsTheEngine() throws Exception {
        Path file = csv("units", "2024-03-01T00:00", 60, 600, t -> 1e-5 * day(t), t -> 1e7 * day(t),
                t -> 3000 + 0.5 * day(t), t -> 7.25, t -> -day(t) * day(t));
        assertForecastOfTheEngine(file, "512-96", 96);
        assertForecastOfTheEngine(file, "96-24", 24);
    }

    /** A day with a week on top, and noise. */
    private static double day(int t) {
        return 50 + 10 * Math.sin(2 * Math.PI * t / 24) + 4 * Math.sin(2 * Math.PI * t / 168) + t * 7919 % 13 / 5.0;
    }

    /** A table of columns a, b …; a missing value is an empty cell. */
    private Path csv(String name, String start, int minutes, int steps, IntToDoubleFunction... columns)
            throws IOException {
        StringBuilder text = new StringBuilder("time");
        for (int c = 0; c < columns.length; c++) text.append(',').append((char) ('a' + c));
        LocalDateTime time = LocalDateTime.parse(start);
        for (int t = 0; t < steps; t++) {
            text.append('\n').append(time.plusMinutes((long) t * minutes));
            for (IntToDoubleFunction column : columns) {
                double value = column.applyAsDouble(t);
                text.append(',').append(Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.9g", value));
            }
        }
        return Files.writeString(folder.resolve(name + ".csv"), text + "\n");
    }

    private void assertForecastOfTheEngine(Path csv, String model, int horizon) throws Exception {
        List<Map<String, String>> actual = table(
                run("Ttm", csv.toString(), MODELS.resolve(model).toString()).lines().toList());
        assertClose(csv, model, horizon, actual);
    }

    /** Compares the forecast and the ends of the interval with those of the program. */
    private void assertClose(Path csv, String model, int horizon, List<Map<String, String>> actual) throws IOException {
        CliRun engine = CliRun.in(folder, "forecast", csv.toString(), "--mode", "fast", "--model", model, "--horizon",
                String.valueOf(horizon), "--out", "expected.csv", "--plot", "expected.svg");
        assertEquals(0, engine.code(), engine.err());
        List<Map<String, String>> expected = table(Files.readAllLines(folder.resolve("expected.csv")));
        List<Map<String, String>> history = table(Files.readAllLines(csv));
        int context = Integer.parseInt(model.substring(0, model.indexOf('-')));
        assertEquals(horizon, actual.size());
        for (int t = 0; t < horizon; t++) {
            for (Map.Entry<String, String> cell : actual.get(t).entrySet()) {
                String column = cell.getKey();
                String where = csv.getFileName() + ", " + model + ", step " + t + ", column " + column;
                if (column.equals("time")) continue;
                double value = Double.parseDouble(expected.get(t).get(column));
                double scale = deviation(history, column.replaceAll("\\.q.*", ""), context);
                double tolerance = TOLERANCE * scale + 2 * Math.ulp((float) Math.abs(value));
                assertEquals(value, Double.parseDouble(cell.getValue()), tolerance, where);
            }
        }
    }

    private static List<Map<String, String>> table(List<String> lines) {
        String[] header = lines.get(0).split(",");
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            Map<String, String> row = new LinkedHashMap<>();
            for (int c = 0; c < header.length; c++) row.put(header[c], cells[c]);
            rows.add(row);
        }
        return rows;
    }

    /** Of the observed values among the last rows. */
    private static double deviation(List<Map<String, String>> rows, String column, int context) {
        double[] values = rows.subList(Math.max(0, rows.size() - context), rows.size())
                .stream()
                .map(row -> row.get(column))
                .filter(cell -> !cell.isEmpty())
                .mapToDouble(Double::parseDouble)
                .toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow());
    }

    /** What the main method of a file prints. */
    private static String run(String name, String... arguments) throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Gradients and twenty losses of the recorded case tiny-freq, within the bounds of GoldenTest of the module ttm. */
    @Test
    void learnsAsTheRecordedReference() throws Exception {
        Path recording = Recordings.small("tiny-freq");
        Training training = new Training();
        Safetensors.read(recording.resolve("model.safetensors")).tensors().forEach(training::set);
        List<Object> batch = training.batch(Safetensors.read(recording.resolve("tensors.safetensors")).tensors());
        List<?> losses = (List<?>) Json.readObject(recording.resolve("training.json"), 1 << 20)
                .get("loss_before_each_step");
        assertEquals(20, losses.size());
        for (int i = 0; i < losses.size(); i++) {
            double expected = ((Number) losses.get(i)).doubleValue();
            assertEquals(expected, training.loss(batch), 4e-5 * expected, "loss before step " + (i + 1));
            if (i == 0) {
                assertGradients(Safetensors.read(recording.resolve("gradients.safetensors")).tensors(), training);
            }
            training.step(i + 1, 1e-3);
        }
    }

    private static void assertGradients(Map<String, SafeTensor> recorded, Training training) throws Exception {
        assertEquals(recorded.keySet(), training.weights.keySet());
        double all = 0;
        for (SafeTensor tensor : recorded.values()) all += Math.pow(norm(tensor.floats(), null), 2);
        for (Map.Entry<String, SafeTensor> entry : recorded.entrySet()) {
            float[] expected = entry.getValue().floats();
            double distance = norm(expected, training.numbers(entry.getKey(), "gradient"));
            double tolerance = 1e-3 * norm(expected, null) + 1e-8 * Math.sqrt(all);
            assertTrue(distance <= tolerance, entry.getKey() + ": " + distance + ", tolerated " + tolerance);
        }
    }

    /** ‖a − b‖; ‖a‖ where b is null. */
    private static double norm(float[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += Math.pow(a[i] - (b == null ? 0 : b[i]), 2);
        return Math.sqrt(sum);
    }

    /** The members of TrainTtm that a test uses; its class is in no package. */
    private static final class Training {
        private final Object model;
        private final Map<?, ?> weights;
        private final Method loss;
        private final Method step;

        private Training() throws Exception {
            Class<?> type = loader.loadClass("TrainTtm");
            Constructor<?> constructor = type.getDeclaredConstructor(long.class);
            constructor.setAccessible(true);
            model = constructor.newInstance(1);
            Field field = type.getDeclaredField("weights");
            field.setAccessible(true);
            weights = (Map<?, ?>) field.get(model);
            loss = type.getDeclaredMethod("loss", List.class, boolean.class);
            loss.setAccessible(true);
            step = type.getDeclaredMethod("step", int.class, double.class);
            step.setAccessible(true);
        }

        /** The values or the gradient of a weight, in place. */
        private double[] numbers(String name, String kind) {
            try {
                Field field = weights.get(name).getClass().getDeclaredField(kind);
                field.setAccessible(true);
                return (double[]) field.get(weights.get(name));
            } catch (ReflectiveOperationException missing) {
                throw new AssertionError(missing);
            }
        }

        private void set(String name, SafeTensor tensor) {
            double[] values = numbers(name, "values");
            float[] recorded = tensor.floats();
            assertEquals(recorded.length, values.length, name);
            for (int i = 0; i < values.length; i++) values[i] = recorded[i];
        }

        /** The recorded series, [B, time, C], as windows of one channel. */
        private List<Object> batch(Map<String, SafeTensor> tensors) throws Exception {
            Constructor<?> window = loader.loadClass("TrainTtm$Window").getDeclaredConstructors()[0];
            window.setAccessible(true);
            float[] past = tensors.get("past_values").floats();
            float[] future = tensors.get("future_values").floats();
            long[] resolutions = tensors.get("freq_token").integers();
            List<Object> batch = new ArrayList<>();
            for (int b = 0; b < BATCH; b++) {
                for (int c = 0; c < CHANNELS; c++) {
                    batch.add(window.newInstance(channel(past, b, c, CONTEXT), channel(future, b, c, HORIZON),
                            (int) resolutions[b]));
                }
            }
            return batch;
        }

        private static double[] channel(float[] values, int b, int c, int steps) {
            double[] channel = new double[steps];
            for (int t = 0; t < steps; t++) channel[t] = values[(b * steps + t) * CHANNELS + c];
            return channel;
        }

        private double loss(List<Object> batch) throws Exception {
            return (double) loss.invoke(model, batch, true);
        }

        private void step(int number, double rate) throws Exception {
            step.invoke(model, number, rate);
        }
    }

    @Test
    @Tag("training")
    void learnsTheSampleBetterThanWhatItMustBeat() throws Exception {
        List<String> lines = run("TrainTtm", SAMPLE.toString()).lines().toList();
        double[] losses = lines.stream()
                .filter(line -> line.startsWith("test loss "))
                .mapToDouble(line -> Double.parseDouble(line.split("[ ,]+")[2]))
                .toArray();
        double last = losses[losses.length - 1];
        assertTrue(last < losses[0] / 5, "the mean of the hour: " + lines);
        assertTrue(last < losses[1] / 2, "the day before: " + lines);
        List<Map<String, String>> forecast = table(lines.subList(lines.size() - HORIZON - 1, lines.size()));
        for (int t = 0; t < HORIZON; t++) {
            assertEquals(String.format(Locale.ROOT, "2025-05-02 %02d:00", t), forecast.get(t).get("time"));
            assertEquals(60, Double.parseDouble(forecast.get(t).get("load_kw")), 35);
            assertEquals(12, Double.parseDouble(forecast.get(t).get("temperature_c")), 10);
        }
    }

    @Test
    @Tag("process")
    void forecastsFromItsSourceAlone() throws Exception {
        List<String> lines = start("Ttm", "data/samples/hourly-load.csv");
        List<Map<String, String>> forecast = table(lines);
        assertEquals("2025-05-02 00:00", forecast.get(0).get("time"));
        assertClose(SAMPLE, "512-96", 96, forecast);
    }

    @Test
    @Tag("process")
    @Tag("training")
    void itsGradientsAreThoseOfFiniteDifferences() throws Exception {
        List<String> lines = start("TrainTtm", "data/samples/hourly-load.csv", "--check");
        assertTrue(lines.get(lines.size() - 1).startsWith("all gradients are within "), lines.toString());
    }

    /** Runs a file from its source in the folder of the checkout, with nothing on the class path. */
    private List<String> start(String name, String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("examples/" + name + ".java");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
        builder.environment().remove("CLASSPATH");
        int code = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
        List<String> lines = Files.readAllLines(output);
        assertEquals(0, code, lines.toString());
        return lines;
    }
}
