package org.ttm4j.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;

/** What a combined forecast costs, on one thread: beside the model alone in the same run, and for many series. */
final class CombinationCost {
    private static final int STEPS = 2048;
    private static final int HORIZON = 48;
    private static final int SERIES = 2000;
    private static final int STEPS_OF_SERIES = 500;
    /** Series in a call: as many as a program would hold at a time. */
    private static final int AT_A_TIME = 100;

    private CombinationCost() {}

    static String text() throws Exception {
        Forecaster combined = Forecaster.bundled();
        Forecaster model = combined.fast();
        ForecastRequest request = request(0, STEPS);
        ForecastRequest withQuantiles = request.withQuantiles(.1, .2, .3, .4, .5, .6, .7, .8, .9);
        double[] nanos = new Timing(5, 5, 20).medians(() -> model.forecast(request),
                () -> combined.forecast(withQuantiles));
        List<ForecastRequest> many = IntStream.range(0, SERIES).mapToObj(i -> request(i, STEPS_OF_SERIES)).toList();
        long begin = System.nanoTime();
        for (int i = 0; i < SERIES; i += AT_A_TIME) combined.forecastAll(many.subList(i, i + AT_A_TIME));
        double seconds = (System.nanoTime() - begin) / 1e9;
        return String.format(Locale.ROOT,
                """
                        A series of %d steps, horizon %d: %.3f ms by the model alone (%s), %.2f ms combined with quantiles: %.1f times.
                        %d series of %d steps: %.1f s, %.0f series/s; %d MB of heap in use after a collection.
                        """,
                STEPS, HORIZON, nanos[0] / 1e6, model.modelFor(request).name(), nanos[1] / 1e6, nanos[1] / nanos[0],
                SERIES, STEPS_OF_SERIES, seconds, SERIES / seconds, usedMegabytes());
    }

    /** An hourly series with a day, a week and noise. */
    private static ForecastRequest request(int seed, int steps) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] history = new double[steps];
        for (int t = 0; t < steps; t++) {
            history[t] = 100 + 20 * Math.sin(2 * Math.PI * t / 24) + 10 * Math.sin(2 * Math.PI * t / 168)
                    + 5 * random.nextGaussian();
        }
        return ForecastRequest.of(new double[][]{history}).withFrequency(Duration.ofHours(1)).withHorizon(HORIZON);
    }

    private static long usedMegabytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }
}
