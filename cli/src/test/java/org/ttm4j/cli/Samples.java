package org.ttm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.ttm4j.ttm.TtmConfig;
import org.ttm4j.ttm.TtmConfigBuilder;
import org.ttm4j.ttm.TtmModel;
import org.ttm4j.ttm.io.DType;

/** Small models and files to run the program on. */
public final class Samples {
    public static final int CONTEXT = 48;
    public static final int HORIZON = 12;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final LocalDateTime START = LocalDateTime.of(2024, 2, 26, 0, 0);

    private Samples() {}

    /** A model that is quick to run. */
    public static TtmConfigBuilder config() {
        return TtmConfig.builder()
                .contextLength(CONTEXT)
                .predictionLength(HORIZON)
                .patchLength(8)
                .patchStride(8)
                .dModel(8)
                .numLayers(1)
                .decoderNumLayers(1)
                .decoderDModel(8);
    }

    /** A model without channel mixing, in {@code model}. */
    static Path model(Path folder) throws IOException {
        return save(folder.resolve("model"), config().build());
    }

    /** A model that forecasts its first channel with the known future of its second, in {@code exogenous}. */
    static Path exogenousModel(Path folder) throws IOException {
        return save(folder.resolve("exogenous"),
                config().numInputChannels(2)
                        .decoderMode(TtmConfig.Mode.MIX_CHANNEL)
                        .exogenousChannelIndices(1)
                        .enableForecastChannelMixing(true)
                        .fcmUseMixer(true)
                        .build());
    }

    /** A model with a token for every resolution, in {@code prefixed}. */
    static Path prefixedModel(Path folder) throws IOException {
        return save(folder.resolve("prefixed"),
                config().resolutionPrefixTuning(true).frequencyTokenVocabSize(10).build());
    }

    private static Path save(Path folder, TtmConfig config) throws IOException {
        new TtmModel(config).initialize(1).save(folder, DType.F32);
        return folder;
    }

    /** The time of a row of {@link #hourly}. */
    static String time(int row) {
        return TIME.format(START.plusHours(row));
    }

    /** The value of a row and column there. */
    static double value(int row, int column) {
        return 10 + 5 * Math.sin(2 * Math.PI * (row + 3 * column) / 24) + 0.01 * ((row * 7919 + column * 104729) % 100);
    }

    /** Hourly rows {@code [from, to)} of the columns {@code time} and the given ones. */
    static Path hourly(Path file, int from, int to, String... columns) throws IOException {
        StringBuilder text = new StringBuilder("time");
        for (String column : columns) text.append(',').append(column);
        text.append('\n');
        for (int row = from; row < to; row++) {
            text.append(time(row));
            for (int c = 0; c < columns.length; c++) {
                text.append(',').append(String.format(Locale.ROOT, "%.4f", value(row, c)));
            }
            text.append('\n');
        }
        return Files.writeString(file, text);
    }
}
