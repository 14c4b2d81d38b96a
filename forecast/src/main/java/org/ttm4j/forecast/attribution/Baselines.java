package org.ttm4j.forecast.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.ttm4j.ttm.series.Gaps;

/** Series with the values of another in a random order, and their mirror images about its mean. */
final class Baselines {
    /** Two baselines each: with their mirror images, what differs at random cancels out of every step's share to first order. */
    private static final int ORDERS = 4;
    private static final long SEED = 15;

    private Baselines() {}

    /** Of the channels of a sample, each of so many steps; what is missing stays so and is filled likewise. */
    static List<float[]> of(float[] past, float[] mask, int steps) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<float[]> baselines = new ArrayList<>();
        for (int i = 0; i < ORDERS; i++) {
            float[] shuffled = past.clone();
            float[] mirrored = past.clone();
            for (int from = 0; from < past.length; from += steps) {
                shuffle(shuffled, mirrored, mask, from, steps, random);
                Gaps.fill(shuffled, mask, from, steps);
                Gaps.fill(mirrored, mask, from, steps);
            }
            baselines.add(shuffled);
            baselines.add(mirrored);
        }
        return baselines;
    }

    /** Fisher and Yates, over the observed steps. */
    private static void shuffle(float[] shuffled, float[] mirrored, float[] mask, int from, int steps,
            SplittableRandom random) {
        int[] observed = new int[steps];
        int count = 0;
        double sum = 0;
        for (int t = from; t < from + steps; t++) {
            if (mask[t] == 0) continue;
            observed[count++] = t;
            sum += shuffled[t];
        }
        for (int i = count - 1; i > 0; i--) {
            int j = observed[random.nextInt(i + 1)];
            float value = shuffled[observed[i]];
            shuffled[observed[i]] = shuffled[j];
            shuffled[j] = value;
        }
        double mean = sum / Math.max(1, count);
        for (int t : Arrays.copyOf(observed, count)) mirrored[t] = (float) (2 * mean - shuffled[t]);
    }
}
