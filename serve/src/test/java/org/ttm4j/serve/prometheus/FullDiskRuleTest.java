package org.ttm4j.serve.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;

/** The alert of forecast-rules.yml on disks of 100 GB, whose free space was read every ten minutes for a week. */
class FullDiskRuleTest {
    private static final double LEAST = 0.03;
    private static final double LEFT = 0.67;
    private static final double SIZE = 100;
    private static final int DAY = 144;
    private static final int WEEK = 7 * DAY;
    private static final int AHEAD = 24;
    private static final Forecaster FORECASTER = Forecaster.bundled();

    /** Disks that are not full within four hours, as the free space in GB at a step, beside its noise. */
    enum Disk {
        STEADY(0.2, t -> 30), DAILY_CYCLE(0.3, t -> 30 + 10 * Math.sin(t * 2 * Math.PI / DAY)),
        /** Logs of a day, which are packed at midnight. */
        ROTATED_LOGS(0.2, t -> 35 - 20.0 * (t % DAY) / DAY),
        /** Every two hours, which is no season of the calendar. */
        ROTATED_OFTEN(0.1, t -> 20 - 6.0 * (t % 12) / 12),
        /** Twenty hours are left at the end. */
        SLOW_GROWTH(0.2, t -> 90 - 70.0 * t / WEEK), FILLED_AND_FREED(0.2, t -> t % 300 < 290 ? 40 : 22), NOISY(4,
                t -> 40), NEARLY_FULL(0.05, t -> 5);

        private final double noise;
        private final IntToDoubleFunction free;

        Disk(double noise, IntToDoubleFunction free) {
            this.noise = noise;
            this.free = free;
        }
    }

    /** Whether the rule's expression holds after a history. */
    private static boolean isAnnounced(double[] free) {
        Forecast forecast = FORECASTER.forecast(ForecastRequest.of(new double[][]{free})
                .withFrequency(Duration.ofMinutes(10))
                .withHorizon(AHEAD + 1)
                .withQuantiles(0.005, 0.995));
        double lower = forecast.quantiles().orElseThrow().value(0, 0, AHEAD - 1);
        return lower < LEAST * SIZE && forecast.value(0, AHEAD - 1) < LEFT * free[free.length - 1];
    }

    private static double[] history(IntToDoubleFunction free, double noise, int seed) {
        Random random = new Random(seed);
        double[] values = new double[WEEK];
        Arrays.setAll(values, t -> Math.max(0, free.applyAsDouble(t) + noise * random.nextGaussian()));
        return values;
    }

    @Test
    void theRuleHasTheseNumbers() throws IOException {
        String rules = Files.readString(Path.of("monitoring/forecast-rules.yml"));
        assertTrue(rules.contains(" " + LEAST + " * last_over_time(node_filesystem_size_bytes"), rules);
        assertTrue(rules.contains(" " + LEFT + " * last_over_time(node_filesystem_avail_bytes"), rules);
    }

    @ParameterizedTest
    @EnumSource
    void noOtherDiskIsAnnounced(Disk disk) {
        int announced = 0;
        double[] week = history(disk.free, disk.noise, disk.ordinal());
        for (int end = WEEK; end > WEEK - DAY; end -= 17) if (isAnnounced(Arrays.copyOf(week, end))) announced++;
        assertEquals(0, announced);
    }

    @Test
    void oneThatFillsIsAnnounced() {
        assertTrue(isAnnounced(history(t -> 14 + 4 * Math.min(20, (WEEK - 1 - t) / 6.0), 0.2, 1)));
    }
}
