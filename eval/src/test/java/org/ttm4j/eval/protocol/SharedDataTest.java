package org.ttm4j.eval.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.grid.RepairReport;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.rolling.ForecastErrors;
import org.ttm4j.forecast.rolling.SimpleForecast;

/** Public benchmark files, where they lie beside the checkout. */
class SharedDataTest {
    private static Path file(String name) {
        Path path = Path.of(System.getProperty("ttm4j.shared", "../../shared"), "data", "eval", name);
        assumeTrue(Files.exists(path), "no such file: " + path);
        return path;
    }

    /** The published baselines of ETTh1 at 512-96: mean squared errors 0.512 and 0.390. */
    @Test
    void naiveForecastsOfEtth1() throws IOException, InterruptedException {
        CsvFile file = CsvReader.read(file("ETTh1/ETTh1.csv"), CsvOptions.defaults());
        assertTrue(file.report().isEmpty(), () -> file.report().toString());
        double[][] values = file.series().get(0).doubleValues();
        Evaluation test = Evaluation.ofTest(values, EvaluationProtocol.ETTH, 512, 96, 1);
        int[] channels = {0, 1, 2, 3, 4, 5, 6};
        ForecastErrors lastDay = new ForecastErrors(7, 96);
        test.measure(SimpleForecast.SEASONAL_NAIVE, channels, 24, 2, lastDay);
        assertEquals(0.512, lastDay.total().mse(), 5e-4);
        ForecastErrors meanDay = new ForecastErrors(7, 96);
        test.measure(SimpleForecast.MEAN_PERIOD, channels, 24, 2, meanDay);
        assertEquals(0.390, meanDay.total().mse(), 5e-4);
    }

    @Test
    void hoursOfBikeSharing() throws IOException {
        CsvOptions options = CsvOptions.defaults().withTime("dteday+hr").withTargets(List.of("cnt"));
        CsvFile file = CsvReader.read(file("bike_sharing/hour.csv"), options);
        assertEquals(2 * 366 * 24 - 24, file.series().get(0).length());
        assertEquals(165, file.report().count(RepairReport.Kind.STEPS_INSERTED));
    }

    @Test
    void daysOfExchangeRates() throws IOException {
        TimeSeries series = CsvReader.read(file("exchange_rate/exchange_rate.csv"), CsvOptions.defaults())
                .series()
                .get(0);
        assertEquals(8, series.channels().size());
        assertEquals("2010/10/11 0:00", series.axis().labelAt(series.length()));
    }
}
