package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/**
 * The lengths of days and seasons in steps of one frequency.
 *
 * @param stepsPerDay the length of a day, which need not be whole; below 1 for steps longer than a day; 0 for a
 *     frequency that has nothing to do with days
 * @param period the length of the shortest season
 * @param longerPeriod the length of a longer season, or 0
 */
record Clock(double stepsPerDay, double period, double longerPeriod) {
    private static final double DAYS_PER_YEAR = 365.25;

    /** The frequencies that occur in practice; hourly series are the most common. */
    private static final Clock[] COMMON = {new Clock(24, 24, 0), // hourly
            new Clock(96, 96, 0), // 15 minutes
            new Clock(144, 144, 0), // 10 minutes
            new Clock(48, 48, 0), // 30 minutes
            new Clock(1, 7, DAYS_PER_YEAR), // daily
            new Clock(288, 288, 0), // 5 minutes
            new Clock(1 / 7.0, DAYS_PER_YEAR / 7, 0), // weekly
            new Clock(12 / DAYS_PER_YEAR, 12, 0), // monthly
            new Clock(1440, 60, 1440), // minutes, with jobs that run every hour
            new Clock(5 / 7.0, 5, 261), // business days
            new Clock(4 / DAYS_PER_YEAR, 4, 0), // quarterly
    };

    /** The share of each frequency in percent. */
    private static final int[] PERCENT = {34, 13, 11, 9, 8, 6, 4, 4, 2, 2, 1};

    /** The same for the kinds of series that are not composed. More of them have long steps, such as months. */
    private static final int[] COARSER_PERCENT = {22, 8, 5, 7, 20, 4, 13, 13, 1, 2, 3};

    static Clock draw(SplittableRandom random) {
        return draw(random, PERCENT);
    }

    static Clock drawCoarser(SplittableRandom random) {
        return draw(random, COARSER_PERCENT);
    }

    private static Clock draw(SplittableRandom random, int[] percent) {
        int left = random.nextInt(100);
        for (int i = 0; i < COMMON.length; i++) {
            left -= percent[i];
            if (left < 0) return COMMON[i];
        }
        // All other series, such as those of machines, follow no clock.
        double period = Draw.logUniform(random, 3, 300);
        double ratio = Draw.chance(random, 0.5) ? 2 + random.nextInt(8) : Draw.uniform(random, 1.5, 8);
        return new Clock(0, period, Draw.chance(random, 0.5) ? period * ratio : 0);
    }

    /** The time between two steps in seconds, as far as models know it: from minutes to weeks; 0 for others. */
    long seconds() {
        return stepsPerDay < 1 / 7.0 ? 0 : Math.round(86_400 / stepsPerDay);
    }

    /** Whether the steps are fine enough for days of the week. */
    boolean hasWeekdays() {
        return stepsPerDay >= 1;
    }
}
