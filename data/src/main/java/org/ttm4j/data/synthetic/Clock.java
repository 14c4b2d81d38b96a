package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/**
 * The periods, in steps, that a sampling interval makes of the real world's clocks.
 *
 * @param stepsPerDay the length of a day, which need not be whole; below 1 for steps longer than a day
 * @param period the shortest season's length
 * @param longerPeriod a longer season's length, or 0
 */
record Clock(double stepsPerDay, double period, double longerPeriod) {
    private static final double DAYS_PER_YEAR = 365.25;

    /** How often each sampling interval is drawn; hourly series are the most common in practice. */
    private static final double[] WEIGHTS = {36, 14, 9, 12, 6, 2, 8, 2, 4, 4, 1, 8};

    static Clock draw(SplittableRandom random) {
        double left = random.nextDouble() * 106;
        int kind = 0;
        while (kind < WEIGHTS.length - 1 && left >= WEIGHTS[kind]) {
            left -= WEIGHTS[kind++];
        }
        switch (kind) {
            case 0 : // hourly
                return new Clock(24, 24, 0);
            case 1 : // 15 minutes
                return new Clock(96, 96, 0);
            case 2 : // 30 minutes
                return new Clock(48, 48, 0);
            case 3 : // 10 minutes
                return new Clock(144, 144, 0);
            case 4 : // 5 minutes
                return new Clock(288, 288, 0);
            case 5 : // 1 minute; jobs that run every hour
                return new Clock(1440, 60, 1440);
            case 6 : // daily
                return new Clock(1, 7, DAYS_PER_YEAR);
            case 7 : // business days
                return new Clock(7 / 5.0, 5, 261);
            case 8 : // weekly
                return new Clock(1 / 7.0, DAYS_PER_YEAR / 7, 0);
            case 9 : // monthly
                return new Clock(12 / DAYS_PER_YEAR, 12, 0);
            case 10 : // quarterly
                return new Clock(4 / DAYS_PER_YEAR, 4, 0);
            default : // machines and nature keep their own time
                double period = Draw.logUniform(random, 3, 300);
                double ratio = Draw.chance(random, 0.5) ? 2 + random.nextInt(8) : Draw.uniform(random, 1.5, 8);
                return new Clock(0, period, Draw.chance(random, 0.5) ? period * ratio : 0);
        }
    }

    /** Whether days of the week can be told apart. */
    boolean hasWeekdays() {
        return stepsPerDay >= 1 && stepsPerDay != 7 / 5.0;
    }
}
