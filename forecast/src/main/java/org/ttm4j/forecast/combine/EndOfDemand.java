package org.ttm4j.forecast.combine;

import java.util.Arrays;

/**
 * Demand that has ended, as that of an article which is no longer sold: more zeros in a row at the end of a history than the
 * rest of it explains. They are over three times as many as ever before, would hardly come by chance with the share of zeros
 * before, and are a tenth of the recent values, twelve at least, as an interruption of demand that never stopped is no end. A
 * history with a negative value is no demand.
 */
public final class EndOfDemand {
    private static final int TIMES_AS_LONG = 3;
    private static final double CHANCE = 1e-3;
    private static final int SHARE_OF_RECENT = 10;
    private static final int LEAST = 12;

    private EndOfDemand() {}

    /** How many zeros have come since demand ended; 0 where it has not. */
    public static int zeros(double[] history) {
        int before = 0;
        int zerosBefore = 0;
        int longest = 0;
        int run = 0;
        for (double value : history) {
            if (value < 0) return 0;
            if (value == 0) run++;
            if (!(value > 0)) continue;
            before += run + 1;
            zerosBefore += run;
            longest = Math.max(longest, run);
            run = 0;
        }
        // By Laplace's rule of succession: the chance of a zero is never 0, however few came before.
        double share = (zerosBefore + 1.0) / (before + 2);
        int least = Math.max(LEAST, Math.min(before, Member.RECENT) / SHARE_OF_RECENT);
        boolean hasEnded = before > 0 && run >= least && run > TIMES_AS_LONG * longest && Math.pow(share, run) < CHANCE;
        return hasEnded ? run : 0;
    }

    /** A history without what came before the last demand, which is NaN, where demand has ended; else the same. */
    public static double[] only(double[] history) {
        if (zeros(history) == 0) return history;
        double[] only = history.clone();
        int last = history.length - 1;
        while (!(history[last] > 0)) last--;
        Arrays.fill(only, 0, last, Double.NaN);
        return only;
    }

    /** How many zeros came before demand began, as those of a new article; 0 where that is not known. */
    public static int zerosBefore(double[] history) {
        double[] reversed = new double[history.length];
        for (int t = 0; t < reversed.length; t++) reversed[t] = history[history.length - 1 - t];
        int zeros = zeros(reversed);
        // A few values may be chance, and are no history to forecast from.
        boolean areMany = Arrays.stream(history).filter(value -> value > 0).count() >= LEAST;
        return areMany ? zeros : 0;
    }

    /** A history without the zeros before demand began, which are NaN; the same where there are none. */
    public static double[] sinceItBegan(double[] history) {
        if (zerosBefore(history) == 0) return history;
        double[] since = history.clone();
        for (int t = 0; !(history[t] > 0); t++) since[t] = Double.NaN;
        return since;
    }
}
