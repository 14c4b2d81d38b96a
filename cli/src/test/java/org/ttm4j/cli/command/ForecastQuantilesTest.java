package org.ttm4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.cli.CliRun;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.PastForecasts;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.forecast.rolling.Calibration;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.DType;
import org.ttm4j.ttm.model.TtmModel;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Rows;

class ForecastQuantilesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void modelAndFile() throws IOException {
        Samples.model(folder);
        Samples.hourly(folder.resolve("load.csv"), 0, 100, "load", "temp");
    }

    private CliRun forecast(String... more) {
        return CliRun.in(folder,
                Stream.concat(Stream.of("forecast", "load.csv", "--mode", "fast", "--model", "model"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private String picture() throws IOException {
        return Files.readString(folder.resolve("load-forecast.svg"));
    }

    @Test
    void aHistoryWithTooMuchMissingSaysHowManyForecastsCanBeCompared() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve("load.csv")));
        for (int row = 1; row <= 90; row++) {
            String[] cells = lines.get(row).split(",");
            lines.set(row, cells[0] + ",," + cells[2]);
        }
        Files.write(folder.resolve("load.csv"), lines);
        CliRun run = forecast("--quantiles", "0.1,0.9");
        assertTrue(run.err()
                .matches("(?s).*at some step only \\d+ forecasts of its past can be compared with a value, "
                        + "\\d+ are needed.*"),
                run.err());
    }

    @Test
    void aLongHistoryGivesDecilesBehindTheForecasts() throws IOException {
        CliRun run = forecast();
        assertEquals(0, run.code(), run.err());
        String header = run.lines().get(0);
        assertTrue(header.startsWith("time,load,temp,load.q0.1,load.q0.2,"), header);
        assertTrue(header.endsWith(",temp.q0.8,temp.q0.9"), header);
        for (String line : run.lines().subList(1, run.lines().size())) {
            double[] cells = Arrays.stream(line.split(",")).skip(1).mapToDouble(Double::parseDouble).toArray();
            assertEquals(2 + 2 * 9, cells.length);
            for (int i = 3; i < cells.length; i++) assertTrue(i == 11 || cells[i] >= cells[i - 1], line);
        }
        assertTrue(run.err().contains("note: the quantiles rest on 13 earlier forecasts"), run.err());
        assertEquals(2 * 2 + 1, picture().split("class=\"band\"", -1).length - 1, "two bands a panel, and the legend");
        assertTrue(picture().contains(">80 % and 40 % intervals<"));
    }

    @Test
    void levelsAreThoseAskedFor() {
        CliRun run = forecast("--quantiles", "0.25,0.75");
        assertEquals("time,load,temp,load.q0.25,load.q0.75,temp.q0.25,temp.q0.75", run.lines().get(0));
        assertTrue(run.err().contains("rest on 14 earlier forecasts"), run.err());
        assertEquals("time,load,temp", forecast("--quantiles", "none").lines().get(0));
    }

    /** A quantile head answers for the levels within its own; beyond them the errors of the past do. */
    @Test
    void aModelWithAQuantileHeadHasItsOwn() throws IOException {
        Map<String, Object> json = new LinkedHashMap<>(Samples.config().build().toJson());
        json.put("multi_quantile_head", true);
        json.put("quantile_levels", List.of(0.2, 0.5, 0.8));
        new TtmModel(TtmConfig.fromJson(json)).initialize(2).save(folder.resolve("model"), DType.F32);
        CliRun own = forecast("--quantiles", "0.25,0.75");
        assertEquals("time,load,temp,load.q0.25,load.q0.75,temp.q0.25,temp.q0.75", own.lines().get(0));
        assertFalse(own.err().contains("earlier forecasts"), own.err());
        CliRun beyond = forecast();
        assertTrue(beyond.lines().get(0).endsWith("temp.q0.9"), beyond.lines().get(0));
        assertTrue(beyond.err().contains("earlier forecasts"), beyond.err());
    }

    @Test
    void aShortHistoryGivesNoneAndSaysWhy() throws IOException {
        Samples.hourly(folder.resolve("load.csv"), 0, 83, "load");
        CliRun run = forecast();
        assertEquals(0, run.code(), run.err());
        assertEquals("time,load", run.lines().get(0));
        assertTrue(run.err()
                .contains("note: no quantiles: quantiles from 0.1 to 0.9 need 9 forecasts of the past, 84 "
                        + "steps of history or more"),
                run.err());
        assertFalse(picture().contains("class=\"band\""));
        CliRun asked = forecast("--quantiles", "0.1,0.9");
        assertEquals(1, asked.code());
        assertTrue(asked.err().contains("--quantiles: quantiles from 0.1 to 0.9 need 9 forecasts"), asked.err());
        assertEquals(1, forecast("--quantiles", "0.4").code() + forecast("--quantiles", "0.1").code());
    }

    @Test
    void aCalibratedModelKnowsItsOwn() throws IOException, InterruptedException {
        TimeSeries series = CsvReader.read(folder.resolve("load.csv"), CsvOptions.defaults()).series().get(0);
        Path model = folder.resolve("model");
        PastForecasts past = PastForecasts.of(Forecaster.load(model).fast(), ForecastRequest.of(series.doubleValues()));
        Origins origins = Origins.in(new Rows(50 - Samples.CONTEXT, 100), Samples.CONTEXT, Samples.HORIZON, 1);
        Calibration.on(past, series.doubleValues(), origins, new double[]{0.1, 0.9}, ConformalOptions.defaults(), 2)
                .write(model);
        Forecast expected = Forecaster.load(model).fast().forecast(ForecastRequest.of(series.doubleValues()));
        CliRun run = forecast("--quantiles", "0.1,0.5");
        assertTrue(run.err().contains("rest on 39 earlier forecasts"), run.err());
        for (int t = 0; t < Samples.HORIZON; t++) {
            assertEquals(expected.quantiles().orElseThrow().values()[0][1][t],
                    Float.parseFloat(run.lines().get(1 + t).split(",")[5]));
        }
        CliRun beyond = forecast("--horizon", "13");
        assertTrue(beyond.err().contains("no quantiles: the intervals are for 12 steps"), beyond.err());
        CliRun few = forecast("--quantiles", "0.01,0.99");
        assertTrue(few.err().contains("the intervals hold 39 windows, too few for these levels"), few.err());
        assertEquals(1, few.code());
    }

    @Test
    void aSeriesWithoutHasEmptyCells() throws IOException {
        StringBuilder rows = new StringBuilder("site,time,load\n");
        for (int row = 0; row < 100; row++) {
            rows.append("north,").append(Samples.time(row)).append(',').append(Samples.value(row, 0)).append('\n');
            if (row < 40) continue;
            rows.append("south,").append(Samples.time(row)).append(',').append(Samples.value(row, 1)).append('\n');
        }
        Files.writeString(folder.resolve("sites.csv"), rows);
        CliRun run = CliRun.in(folder, "forecast", "sites.csv", "--id", "site", "--mode", "fast", "--model", "model");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.lines().get(0).startsWith("site,time,load,load.q0.1,"), run.out());
        assertFalse(run.lines().get(1).contains(",,"), run.out());
        assertTrue(run.lines().get(1 + Samples.HORIZON).endsWith(",,,,,,,,,"), run.out());
        assertTrue(run.err().contains("note: series 'south': no quantiles"), run.err());
    }

    @Test
    void whatIsNoLevelIsRefused() {
        for (String wrong : new String[]{"0.9,0.1", "0.5,0.5", "0", "1", "x", "0.1,,0.9", "NaN"}) {
            CliRun run = forecast("--quantiles", wrong);
            assertEquals(2, run.code(), wrong + ": " + run.err());
            assertTrue(run.err().contains("--quantiles: "), run.err());
        }
    }
}
