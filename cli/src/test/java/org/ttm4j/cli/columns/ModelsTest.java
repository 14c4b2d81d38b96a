package org.ttm4j.cli.columns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelChoice;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.fixtures.Samples;

/** Which model a command takes, and what it tells the model. */
class ModelsTest {
    @TempDir
    Path folder;

    /** The same 60 values at any frequency: only the times differ. */
    private Path sampledEvery(String name, UnaryOperator<LocalDateTime> next) throws IOException {
        StringBuilder rows = new StringBuilder("time,x\n");
        LocalDateTime time = LocalDateTime.of(2020, 1, 1, 0, 0);
        for (int row = 0; row < 60; row++, time = next.apply(time)) {
            rows.append(time).append(',').append(Samples.value(row, 0)).append('\n');
        }
        return Files.writeString(folder.resolve(name), rows);
    }

    @Test
    void theFrequencyOfTheFileReachesAModelWithAResolutionPrefix() throws IOException {
        ModelForecaster forecaster = Forecaster.load(Samples.prefixedModel(folder)).fast();
        Map<String, Duration> files = new LinkedHashMap<>();
        files.put("quarters.csv", Duration.ofMinutes(15));
        files.put("hours.csv", Duration.ofHours(1));
        files.put("days.csv", Duration.ofDays(1));
        files.put("weeks.csv", Duration.ofDays(7));
        files.put("months.csv", null);
        sampledEvery("quarters.csv", time -> time.plusMinutes(15));
        sampledEvery("hours.csv", time -> time.plusHours(1));
        sampledEvery("days.csv", time -> time.plusDays(1));
        sampledEvery("weeks.csv", time -> time.plusWeeks(1));
        sampledEvery("months.csv", time -> time.plusMonths(1));
        Set<Float> different = new HashSet<>();
        for (Map.Entry<String, Duration> file : files.entrySet()) {
            CliRun run = CliRun.in(folder, "forecast", file.getKey(), "--mode", "fast", "--model", "prefixed");
            assertEquals(0, run.code(), run.err());
            double[][] values = CsvReader.read(folder.resolve(file.getKey()), CsvOptions.defaults())
                    .series()
                    .get(0)
                    .doubleValues();
            ForecastRequest request = ForecastRequest.of(values);
            if (file.getValue() != null) request = request.withFrequency(file.getValue());
            float expected = forecaster.forecast(request).values()[0][0];
            assertEquals(expected, Float.parseFloat(run.lines().get(1).split(",")[1]), file.getKey());
            different.add(expected);
        }
        assertEquals(files.size(), different.size());
    }

    @Test
    void withoutAModelTheBundledOneThatSuitsIsTakenAndNamed() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 100, "load");
        for (String[] arguments : new String[][]{{}, {"--model", "bundled"}}) {
            CliRun run = CliRun.in(folder,
                    Stream.concat(Stream.of("forecast", "load.csv", "--mode", "fast"), Stream.of(arguments))
                            .toArray(String[]::new));
            assertEquals(0, run.code(), run.err());
            ModelChoice chosen = Forecaster.bundled().fast().modelFor(ForecastRequest.of(new float[1][100]));
            assertTrue(run.err().contains("note: model " + chosen.name() + ": " + chosen.reason()), run.err());
        }
        for (String name : BundledModels.names()) {
            CliRun run = CliRun.in(folder, "forecast", "load.csv", "--model", name);
            assertEquals(0, run.code(), run.err());
            assertFalse(run.err().contains("note: model"), "it was not chosen: " + run.err());
            assertEquals(BundledModels.note(name).isPresent(), run.err().contains(" was replaced by "), run.err());
        }
    }

    @Test
    void whatIsNoModelIsNamed() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 100, "load");
        for (String name : List.of("9-9", "./512-96")) {
            CliRun run = CliRun.in(folder, "forecast", "load.csv", "--model", name);
            assertEquals(1, run.code());
            assertEquals("ttm: " + name + ": neither a folder with config.json and model.safetensors nor a bundled "
                    + "model (" + String.join(", ", BundledModels.names()) + ")", run.err().strip());
        }
    }
}
