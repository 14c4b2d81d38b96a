package org.ttm4j.eval.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.csv.CsvFile;
import org.ttm4j.data.csv.CsvOptions;
import org.ttm4j.data.csv.CsvReader;
import org.ttm4j.data.csv.RepairReport;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.ttm.rolling.Baselines;

/** Public benchmark files, where they lie beside the checkout. */
class SharedDataTest {
    private static Path file(String name) {
        Path path = Path.of(System.getProperty("ttm4j.shared", "../../shared"), "data", "eval", name);
        assumeTrue(Files.exists(path), "no such file: " + path);
        return path;
    }

    /** The published baselines of ETTh1 at 512-96: mean squared errors 0.512 and 0.390. */
    @Test
    void naiveForecastsOfEtth1() throws IOException {
        CsvFile file = CsvReader.read(file("ETTh1/ETTh1.csv"), CsvOptions.defaults());
        assertTrue(file.report().isEmpty(), () -> file.report().toString());
        float[][] values = file.series().get(0).values();
        Split split = EvaluationProtocol.ETTH.split(values[0].length, 512, 96);
        float[][] scaled = Standardizer.fit(values, split.train()).scale(values);
        float[] forecast = new float[96];
        double lastDay = 0;
        double meanDay = 0;
        int windows = split.test().windows(512, 96);
        for (int i = 0; i < windows; i++) {
            int from = split.test().from() + i;
            for (float[] channel : scaled) {
                Baselines.lastPeriod(forecast, channel, from, from + 512, 24);
                lastDay += squaredError(forecast, channel, from + 512);
                Baselines.meanPeriod(forecast, channel, from, from + 512, 24);
                meanDay += squaredError(forecast, channel, from + 512);
            }
        }
        double count = windows * 96.0 * scaled.length;
        assertEquals(0.512, lastDay / count, 5e-4);
        assertEquals(0.390, meanDay / count, 5e-4);
    }

    private static double squaredError(float[] forecast, float[] series, int at) {
        double sum = 0;
        for (int h = 0; h < forecast.length; h++) {
            double error = forecast[h] - series[at + h];
            sum += error * error;
        }
        return sum;
    }

    @Test
    void hoursOfBikeSharing() throws IOException {
        CsvOptions options = CsvOptions.defaults().withTime("dteday+hr").withTargets("cnt");
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
