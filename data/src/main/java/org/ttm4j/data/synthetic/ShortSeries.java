package org.ttm4j.data.synthetic;

import java.time.Duration;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Short seasonal series to measure forecasters on, in 18 groups: a level, a season of random shape with a standard
 * deviation of 10, noise of .1 to .4 of that and, in every second series, a straight trend. Thread-safe. The same group, seed and
 * index always give the same series.
 */
public final class ShortSeries {
    private static final double SCALE = 10;
    private static final Group[] GROUPS = {new Group("daily", Duration.ofDays(1), 7, 28, 14),
            new Group("daily", Duration.ofDays(1), 7, 42, 14), new Group("daily", Duration.ofDays(1), 7, 56, 14),
            new Group("daily", Duration.ofDays(1), 7, 84, 14), new Group("weekly", Duration.ofDays(7), 52, 78, 13),
            new Group("weekly", Duration.ofDays(7), 52, 104, 13), new Group("weekly", Duration.ofDays(7), 52, 130, 13),
            new Group("monthly", Period.ofMonths(1), 12, 24, 12), new Group("monthly", Period.ofMonths(1), 12, 36, 12),
            new Group("monthly", Period.ofMonths(1), 12, 48, 12), new Group("monthly", Period.ofMonths(1), 12, 72, 12),
            new Group("monthly", Period.ofMonths(1), 12, 144, 12), new Group("quarterly", Period.ofMonths(3), 4, 12, 8),
            new Group("quarterly", Period.ofMonths(3), 4, 20, 8), new Group("quarterly", Period.ofMonths(3), 4, 40, 8),
            new Group("hourly", Duration.ofHours(1), 24, 48, 24), new Group("hourly", Duration.ofHours(1), 24, 72, 24),
            new Group("hourly", Duration.ofHours(1), 24, 96, 24)};

    private ShortSeries() {}

    /**
     * Series of one frequency and length.
     *
     * @param name of the frequency
     * @param season steps of a season
     * @param rows steps of history
     * @param horizon steps to forecast
     */
    public record Group(String name, TemporalAmount frequency, int season, int rows, int horizon) {}

    /** All groups. */
    public static List<Group> groups() {
        return List.of(GROUPS);
    }

    /** A series of a group: its history and then its horizon. */
    public static float[] draw(Group group, long seed, int index) {
        SplittableRandom random = SyntheticSeries.random(seed * 31 + group.season * 1000L + group.rows, index);
        Season.Shape shape = Season.Shape.draw(random);
        double phase = random.nextDouble();
        double level = Draw.uniform(random, 3, 10);
        double noise = Draw.uniform(random, 0.1, 0.4);
        double slope = index % 2 == 0 ? 0 : Draw.uniform(random, -2, 2) / group.rows;
        float[] series = new float[group.rows + group.horizon];
        for (int t = 0; t < series.length; t++) {
            double turn = phase + (double) (t % group.season) / group.season;
            series[t] = (float) (SCALE
                    * (level + shape.at(turn - Math.floor(turn)) + slope * t + noise * random.nextGaussian()));
        }
        return series;
    }
}
