package org.ttm4j.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.forecast.live.StreamSettings;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.Channels;
import org.ttm4j.ttm.train.FineTuned;
import org.ttm4j.ttm.train.FineTuning;
import org.ttm4j.ttm.train.FineTuningData;
import org.ttm4j.ttm.train.FineTuningOptions;
import org.ttm4j.ttm.train.Trainer;
import org.ttm4j.ttm.train.TrainingPlan;

/**
 * Files that earlier versions wrote are read by this one: a folder for each version in the resources. {@link #main} writes
 * that of the current version, once, before its release.
 */
class CompatibilityTest {
    private static final double TOLERANCE = 1e-4;
    private static final int STEPS_SAVED = 2;
    /** Fine-tuned, with channels and intervals. */
    private static final String TUNED = "model";
    /** With what the bundled models have. */
    private static final String THIRD_GENERATION = "third-generation";

    /** States of a series of a stream, without and with a value that is held back. */
    private static final String SERIES = "series.state";
    private static final String SERIES_HELD = "series-held.state";
    private static final int HOURS_SAVED = 100;
    private static final int HOURS_HELD = 5000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final StreamSettings STREAM = StreamSettings.of(Samples.HORIZON, HOUR).withContext(Samples.CONTEXT);

    static Stream<Path> versions() throws IOException, URISyntaxException {
        Path all = Path.of(CompatibilityTest.class.getResource("/compatibility").toURI());
        try (Stream<Path> folders = Files.list(all)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void modelsForecastWhatTheyDid(Path version) throws IOException {
        for (String model : List.of(TUNED, THIRD_GENERATION)) {
            double[] expected = numbers(version.resolve(model + ".csv"));
            double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
            assertArrayEquals(expected, forecast(version.resolve(model)), TOLERANCE * largest, model);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aStateOfTrainingGoesOn(Path version) throws IOException, InterruptedException {
        try (Trainer trainer = trainer()) {
            trainer.resume(version.resolve("state.safetensors"));
            assertEquals(STEPS_SAVED, trainer.steps());
            assertFalse(trainer.finished());
            assertEquals(numbers(version.resolve("loss.csv"))[0], trainer.step(), TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aSeriesOfAStreamGoesOnAsIfItHadNotBeenStored(Path version) throws IOException {
        for (String name : List.of(SERIES, SERIES_HELD)) {
            LiveSeries stored = LiveSeries.of(STREAM, Files.readAllBytes(version.resolve(name)));
            LiveSeries kept = series(name);
            int next = name.equals(SERIES) ? HOURS_SAVED : HOURS_HELD + 1;
            for (int hour = next; hour < next + Samples.CONTEXT; hour++) {
                assertEquals(add(kept, hour), add(stored, hour));
                assertArrayEquals(history(kept, hour), history(stored, hour), name + ", hour " + hour);
            }
            assertArrayEquals(kept.toBytes(), stored.toBytes(), name);
        }
    }

    /** A forecast was made from its 90th hour, and one hour has no value. */
    private static LiveSeries series(String name) {
        LiveSeries series = LiveSeries.of(STREAM, null);
        for (int hour = 0; hour < HOURS_SAVED; hour++) if (hour != 70) add(series, hour);
        history(series, 90);
        if (name.equals(SERIES_HELD)) add(series, HOURS_HELD);
        return series;
    }

    /** The value has no more digits than any processor computes alike. */
    private static OptionalLong add(LiveSeries series, int hour) {
        return series.add(HOUR.toMillis() * hour, 40 + hour % 24 + 0.25 * (hour % 7));
    }

    private static double[] history(LiveSeries series, int hour) {
        return series.request(HOUR.toMillis() * hour, 1).orElseThrow().history()[0];
    }

    private static double[] numbers(Path file) throws IOException {
        return Files.readAllLines(file).stream().mapToDouble(Double::parseDouble).toArray();
    }

    private static ForecastRequest request() {
        float[] history = new float[Samples.CONTEXT];
        for (int t = 0; t < history.length; t++) history[t] = (float) Samples.value(t, 0);
        history[5] = Float.NaN;
        return ForecastRequest.of(new float[][]{history});
    }

    /** Values and quantiles. */
    private static double[] forecast(Path model) throws IOException {
        Forecast forecast = Forecaster.load(model).fast().forecast(request());
        return Stream.concat(Stream.of(forecast.values()),
                forecast.quantiles().stream().flatMap(quantiles -> Stream.of(quantiles.values()).flatMap(Stream::of)))
                .flatMapToDouble(row -> {
                    double[] values = new double[row.length];
                    for (int i = 0; i < values.length; i++) values[i] = row[i];
                    return Arrays.stream(values);
                })
                .toArray();
    }

    private static Trainer trainer() {
        TtmModel model = new TtmModel(Samples.config(16, 4).set(Key.PATCH_LENGTH, 4).set(Key.PATCH_STRIDE, 4).build())
                .initialize(3);
        TrainingPlan plan = new TrainingPlan(4, 8, 4, 1, 5, step -> 0.01, 0.01, 1, 0.9);
        return new Trainer(model, (window, index) -> {
            float[] raw = new float[20];
            for (int t = 0; t < raw.length; t++) raw[t] = (float) Math.sin(index + 0.5 * t);
            window.normalise(raw);
        }, 1, plan);
    }

    /** Writes the files of this version: argument is the folder. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        float[] series = new float[300];
        for (int t = 0; t < series.length; t++) series[t] = (float) Samples.value(t, 0);
        FineTuningData data = FineTuningData.chronological(new Channels(List.of(Channel.of("load", Role.TARGET, 0, 1))),
                new float[][]{series}, Samples.CONTEXT, 0.6, 0.3, 1);
        FineTuned tuned = FineTuning.run(new TtmModel(Samples.config().build()).initialize(1), data,
                FineTuningOptions.defaults().withEpochs(2), (epoch, best) -> {});
        tuned.save(folder.resolve(TUNED));
        FineTunedIntervals.of(tuned, data).write(folder.resolve(TUNED));
        Map<String, Object> third = Samples.config().set(Key.ADAPTIVE_PATCHING_LEVELS, 1).build().toJson();
        third.putAll(Map.of("gate_mode", "sigmoid", "resolution_prefix_tuning", true, "frequency_token_vocab_size", 10L,
                "loss", "pinball", "quantile", 0.5, "multi_quantile_head", true, "mq_use_decoder_pool", true));
        third.putAll(Map.of("mq_cond_path", "flatten", "mq_cond_mode", "concat", "mq_q50_type", "mean",
                "point_extra_weight", 1.0, "mq_step_widths", true));
        new TtmModel(TtmConfig.fromJson(third)).initialize(2).save(folder.resolve(THIRD_GENERATION), DType.F16);
        for (String model : List.of(TUNED, THIRD_GENERATION)) {
            write(folder.resolve(model + ".csv"), forecast(folder.resolve(model)));
        }
        try (Trainer trainer = trainer()) {
            for (int step = 0; step < STEPS_SAVED; step++) trainer.step();
            trainer.save(folder.resolve("state.safetensors"));
            write(folder.resolve("loss.csv"), trainer.step());
        }
        for (String name : List.of(SERIES, SERIES_HELD)) Files.write(folder.resolve(name), series(name).toBytes());
    }

    private static void write(Path file, double... numbers) throws IOException {
        Files.write(file, Arrays.stream(numbers).mapToObj(Double::toString).toList());
    }
}
