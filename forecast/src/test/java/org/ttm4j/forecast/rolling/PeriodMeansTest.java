package org.ttm4j.forecast.rolling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PeriodMeansTest {
    private static double[] series(long seed) {
        Random random = new Random(seed);
        double[] series = new double[300];
        for (int t = 0; t < series.length; t++) {
            series[t] = random.nextInt(5) == 0 ? Double.NaN : (float) (100 + 10 * random.nextGaussian());
        }
        return series;
    }

    @Test
    void sameAsThePlainMeanWhateverTheWindow() {
        for (int period : new int[]{1, 7, 24}) {
            for (int stride : new int[]{1, 5, 24, 120}) {
                for (int length : new int[]{24, 60, Integer.MAX_VALUE}) {
                    double[] series = series(period + 31L * stride);
                    PeriodMeans means = new PeriodMeans(series, period);
                    for (int origin = 60; origin <= series.length; origin += stride) {
                        int first = length == Integer.MAX_VALUE ? 0 : origin - length;
                        double[] expected = new double[30];
                        double[] actual = new double[30];
                        plain(expected, series, first, origin, period);
                        means.forecast(actual, first, origin);
                        assertArrayEquals(expected, actual, 1e-4f,
                                "period " + period + ", stride " + stride + ", rows " + first + " to " + origin);
                    }
                }
            }
        }
    }

    private static void plain(double[] forecast, double[] series, int from, int to, int period) {
        for (int h = 0; h < forecast.length; h++) {
            double sum = 0;
            int count = 0;
            for (int t = to - period + h % period; t >= to - (to - from) / period * period; t -= period) {
                if (Double.isNaN(series[t])) continue;
                sum += series[t];
                count++;
            }
            forecast[h] = count == 0 ? Double.NaN : sum / count;
        }
    }

    @Test
    void aHugeValueLeavesNoTrace() {
        double[] series = new double[60];
        for (int t = 0; t < series.length; t++) series[t] = t % 3;
        series[4] = 1e20f;
        PeriodMeans means = new PeriodMeans(series, 3);
        double[] forecast = new double[3];
        for (int origin = 12; origin <= 60; origin += 3) means.forecast(forecast, origin - 12, origin);
        assertArrayEquals(new double[]{0, 1, 2}, forecast, 1e-6f);
    }
}
