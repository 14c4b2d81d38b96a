package org.ttm4j.eval.anomaly;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.forecast.live.Judged;

/**
 * Finds spikes that were added to series of the validation sets, beside a plain rule: the difference from the median of the
 * same phase of the last four weeks is beyond three interquartile ranges of such differences. Spikes are five to nine robust
 * deviations of these differences high. Prints its figures:
 * {@code mvn test -pl eval -am -Dtest=InjectedSpikesTest -Dtest.leftOut= -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("long")
class InjectedSpikesTest {
    private static final int SPIKES = 12;
    private static final double LEVEL = 0.99;
    private static final int WEEKS = 4;

    private record Series(String name, double[] values, Duration frequency, int week) {
        int first() {
            return Math.min(512, Math.ceilDiv(values.length, 4));
        }

        /** The difference of each value from the median of its phase in the last weeks. */
        double[] differences(double[] of) {
            double[] differences = new double[of.length];
            for (int t = 0; t < of.length; t++) {
                int now = t;
                double[] before = IntStream.rangeClosed(1, WEEKS)
                        .map(w -> now - w * week)
                        .filter(at -> at >= 0)
                        .mapToDouble(at -> of[at])
                        .toArray();
                differences[t] = of[t] - quantile(before, 0.5);
            }
            return differences;
        }
    }

    /** What a method found: shares of the highest scores that are spikes, of spikes found, of clean values flagged. */
    private record Found(double top, double recall, double clean) {
        static String mean(String name, List<Found> all) {
            return String.format("%-18s top %.2f, recall %.2f, clean flagged %.2f %%%n", name, mean(all).top,
                    mean(all).recall, 100 * mean(all).clean);
        }

        static Found mean(List<Found> all) {
            return new Found(all.stream().mapToDouble(Found::top).average().orElseThrow(),
                    all.stream().mapToDouble(Found::recall).average().orElseThrow(),
                    all.stream().mapToDouble(Found::clean).average().orElseThrow());
        }
    }

    /** Scores of all values, NaN where there is none; above 1 is found. */
    private interface Method {
        double[] scores(Series series, double[] values);
    }

    private static double quantile(double[] values, double level) {
        double[] sorted = Arrays.stream(values).filter(value -> !Double.isNaN(value)).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.round((sorted.length - 1) * level)];
    }

    private static double range(double[] values) {
        return quantile(values, 0.75) - quantile(values, 0.25);
    }

    private static double[] plain(Series series, double[] values) {
        double[] differences = series.differences(values);
        double range = range(differences);
        return IntStream.range(0, values.length)
                .mapToDouble(t -> t < series.first() ? Double.NaN : Math.abs(differences[t]) / (3 * range))
                .toArray();
    }

    private static double[] search(Forecaster forecaster, Series series, double[] values) {
        double[] scores = new double[values.length];
        Arrays.fill(scores, Double.NaN);
        ForecastRequest request = ForecastRequest.of(new double[][]{values}).withFrequency(series.frequency);
        for (Judged one : new AnomalySearch(forecaster, LEVEL, 0, 0).in(request))
            scores[(int) one.index()] = one.score();
        return scores;
    }

    private static Found measure(Series series, Method method) {
        SplittableRandom random = new SplittableRandom(series.name.hashCode());
        double deviation = range(series.differences(series.values)) / 1.349;
        double[] spiked = series.values.clone();
        Set<Integer> spikes = new TreeSet<>();
        while (spikes.size() < SPIKES) {
            int at = random.nextInt(series.first(), spiked.length);
            if (Double.isNaN(spiked[at]) || spikes.stream().anyMatch(other -> Math.abs(other - at) < 3)) continue;
            spikes.add(at);
            spiked[at] += (random.nextBoolean() ? 1 : -1) * random.nextDouble(5, 9) * deviation;
        }
        double[] scores = method.scores(series, spiked);
        double[] clean = method.scores(series, series.values);
        long top = IntStream.range(0, scores.length)
                .filter(t -> !Double.isNaN(scores[t]))
                .boxed()
                .sorted(Comparator.comparingDouble(t -> -scores[t]))
                .limit(SPIKES)
                .filter(spikes::contains)
                .count();
        return new Found((double) top / SPIKES, (double) spikes.stream().filter(t -> scores[t] > 1).count() / SPIKES,
                (double) Arrays.stream(clean).filter(score -> score > 1).count()
                        / Arrays.stream(clean).filter(score -> !Double.isNaN(score)).count());
    }

    /** The last values of some channels of a validation set. */
    private static void add(List<Series> to, String set, int length, Duration frequency, int week, int... channels)
            throws IOException {
        Path file = Path.of(System.getProperty("ttm4j.shared", "../../shared"), "data", "pretrain").resolve(set);
        assumeTrue(Files.exists(file), "no such file: " + file);
        TimeSeries series = CsvReader.read(file, CsvOptions.defaults()).series().get(0);
        for (int channel : channels) {
            double[] all = series.doubleChannel(channel);
            int end = all.length - 200;
            to.add(new Series(set + " " + channel, Arrays.copyOfRange(all, Math.max(0, end - length), end), frequency,
                    week));
        }
    }

    private static void measure(String kind, List<Series> all, double recall, double mostClean) {
        Forecaster forecaster = Forecaster.bundled();
        List<Found> own = new ArrayList<>();
        List<Found> plain = new ArrayList<>();
        all.parallelStream()
                .map(series -> new Found[]{measure(series, (of, values) -> search(forecaster, of, values)),
                        measure(series, InjectedSpikesTest::plain)})
                .toList()
                .forEach(pair -> {
                    own.add(pair[0]);
                    plain.add(pair[1]);
                });
        for (int i = 0; i < all.size(); i++)
            System.out.println(all.get(i).name + " " + own.get(i) + " " + plain.get(i));
        System.out.print(Found.mean(kind, own) + Found.mean(kind + ", plain rule", plain));
        Found mean = Found.mean(own);
        assertTrue(mean.top >= Found.mean(plain).top - 0.02, "as good as the plain rule: " + mean);
        assertTrue(mean.recall >= recall, mean.toString());
        assertTrue(mean.clean >= 0.007 && mean.clean <= mostClean, mean.toString());
    }

    @Test
    void hours() throws IOException {
        List<Series> all = new ArrayList<>();
        Duration hour = Duration.ofHours(1);
        add(all, "gefcom2014_load/l.csv.gz", 1500, hour, 168, 0, 3, 9);
        add(all, "ontario_ieso/demand_price.csv.gz", 1500, hour, 168, 0, 2);
        add(all, "seoul_bike_hourly/demand_weather.csv.gz", 1500, hour, 168, 0, 1);
        add(all, "london_bloomsbury_air/bloomsbury.csv.gz", 1500, hour, 168, 0, 2, 4);
        measure("hours", all, 0.85, 0.014);
    }

    @Test
    void days() throws IOException {
        List<Series> all = new ArrayList<>();
        Duration day = Duration.ofDays(1);
        add(all, "us_births/daily1969_1988.csv.gz", 1000, day, 7, 0);
        add(all, "us_births/daily2000_2014.csv.gz", 1000, day, 7, 0);
        add(all, "irish_wind_daily/wind.csv.gz", 1000, day, 7, 0, 4, 8);
        add(all, "nn5/daily.csv.gz", 700, day, 7, 0, 10, 20, 30);
        measure("days", all, 0.68, 0.016);
    }
}
