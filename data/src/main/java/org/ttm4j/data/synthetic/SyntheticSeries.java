package org.ttm4j.data.synthetic;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Random series that resemble measured ones, for pre-training forecasters: one series for every pair of seed and index.
 * Most have the seasons of a real frequency (24 steps a day for hourly data, 96 for 15 minutes, 7 and 365.25 for daily
 * data), a level that drifts, cycles that vary, and noise between almost none and more than the signal. The others are
 * random walks, smooth processes and sudden rises that fade. Some are clipped at a level, rounded, or turned into
 * counts. Values are finite and have no particular unit or scale.
 *
 * <p>Thread-safe. The same seed, index and length always give the same series.
 */
public final class SyntheticSeries {
    /** The golden ratio in 64 bits, as in SplitMix64; it separates the random streams of neighbouring indices. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private SyntheticSeries() {}

    /**
     * Fills the whole array.
     *
     * @param series overwritten
     * @param seed the seed of the collection
     * @param index the index of the series in the collection
     */
    public static void fill(float[] series, long seed, long index) {
        SplittableRandom random = random(seed, index);
        Arrays.fill(series, 0);
        if (series.length == 0) return;
        double kind = random.nextDouble();
        if (kind < 0.81) seasonal(series, random);
        else if (kind < 0.88) walk(series, random);
        else if (kind < 0.95) smooth(series, random);
        else shots(series, random);
        distort(series, random);
    }

    /**
     * Fills the whole array with a series of a random kind.
     *
     * @param series overwritten
     * @param seed the seed of the collection
     * @param index the index of the series in the collection
     * @param shares the shares of the kinds, in any unit; not negative, and one of them positive
     * @return the time between two steps in seconds; 0 where the series follows no clock or one of months
     */
    public static long fill(float[] series, long seed, long index, Map<SyntheticKind, Double> shares) {
        // A stream of its own, so that a composed series does not depend on the shares.
        double left = random(~seed, index).nextDouble() * shares.values().stream().mapToDouble(share -> share).sum();
        SyntheticKind kind = SyntheticKind.COMPOSED;
        for (SyntheticKind one : SyntheticKind.values()) {
            if (left < 0 || shares.getOrDefault(one, 0.0) == 0) continue;
            kind = one;
            left -= shares.get(one);
        }
        if (kind.generator == null) {
            fill(series, seed, index);
            return 0;
        }
        SplittableRandom random = random(seed, index);
        Clock clock = Clock.drawCoarser(random);
        Arrays.fill(series, 0);
        kind.generator.fill(series, clock, random);
        if (kind == SyntheticKind.GAUSSIAN_PROCESS) distort(series, random);
        return clock.seconds();
    }

    /** The source of the series with this index in a collection. */
    static SplittableRandom random(long seed, long index) {
        return new SplittableRandom(mix(mix(seed) + index));
    }

    /** Seasons, drift, trend and noise in random proportions. */
    private static void seasonal(float[] series, SplittableRandom random) {
        Clock clock = Clock.draw(random);
        double season = Draw.logUniform(random, 0.25, 1.5);
        Season.add(series, season, clock.period(), random);
        if (clock.longerPeriod() > 0 && Draw.chance(random, 0.8)) {
            Season.add(series, Draw.logUniform(random, 0.2, 1.5), clock.longerPeriod(), random);
        }
        if (clock.hasWeekdays() && Draw.chance(random, 0.45)) {
            Season.addWeek(series, season * Draw.logUniform(random, 0.1, 1), clock.stepsPerDay(), random);
        }
        double cycle = Math.max(clock.period(), 4);
        if (Draw.chance(random, 0.85)) {
            double timeConstant = cycle * Draw.logUniform(random, 0.3, 20);
            Drift.addReturning(series, Draw.logUniform(random, 0.1, 1.2), timeConstant, random);
        }
        if (Draw.chance(random, 0.3)) Drift.addWalk(series, Draw.logUniform(random, 0.1, 2), random);
        if (Draw.chance(random, 0.25)) Drift.addLines(series, Draw.logUniform(random, 0.2, 4), random);
        Noise.add(series, Draw.logUniform(random, 0.03, 1), clock.period(), random);
    }

    /** Prices and rates: a random walk, sometimes with a weak season. */
    private static void walk(float[] series, SplittableRandom random) {
        Drift.addWalk(series, 1, random);
        if (Draw.chance(random, 0.3)) {
            Season.add(series, Draw.logUniform(random, 0.02, 0.3), Clock.draw(random).period(), random);
        }
        if (Draw.chance(random, 0.3)) Noise.add(series, Draw.logUniform(random, 0.01, 0.2), 0, random);
    }

    /** Temperatures, levels, pressures: a smooth path, sometimes with a weak season and noise. */
    private static void smooth(float[] series, SplittableRandom random) {
        Drift.addSmooth(series, 1, Draw.logUniform(random, 3, 150), random);
        if (Draw.chance(random, 0.6)) {
            Season.add(series, Draw.logUniform(random, 0.05, 0.8), Clock.draw(random).period(), random);
        }
        if (Draw.chance(random, 0.5)) Noise.add(series, Draw.logUniform(random, 0.01, 0.2), 0, random);
    }

    /** Rain, rivers, queues: sudden rises that fade over hours or weeks, with little noise. */
    private static void shots(float[] series, SplittableRandom random) {
        double memory = Draw.logUniform(random, 0.5, 150);
        Events.addShots(series, 1, Draw.logUniform(random, 15, 300), Math.exp(-1 / memory), 1, random);
        if (Draw.chance(random, 0.5)) {
            Season.add(series, Draw.logUniform(random, 0.03, 0.5), Clock.draw(random).period(), random);
        }
        if (Draw.chance(random, 0.5)) {
            Drift.addReturning(series, Draw.logUniform(random, 0.05, 0.5), Draw.logUniform(random, 10, 300), random);
        }
        Noise.add(series, Draw.logUniform(random, 0.003, 0.15), 0, random);
    }

    /** Adds events, and the distortions of sensors and counters. */
    private static void distort(float[] series, SplittableRandom random) {
        float mean = mean(series);
        float std = std(series, mean);
        if (Draw.chance(random, 0.1)) Drift.addShifts(series, std * Draw.uniform(random, 0.3, 2), random);
        if (Draw.chance(random, 0.08)) Events.addBursts(series, std * Draw.uniform(random, 0.5, 2), random);
        double form = random.nextDouble();
        if (form < 0.18) {
            Events.exponentiate(series, mean, (float) Draw.uniform(random, 0.2, 1.4) / std);
        } else if (form < 0.25) {
            Events.clip(series, mean + std * (float) Draw.uniform(random, -1.2, 0.8), Draw.chance(random, 0.15));
        } else if (form < 0.30) {
            Events.exponentiate(series, mean, (float) Draw.uniform(random, 0.3, 1) / std);
            float scale = (float) Draw.logUniform(random, 0.3, 30);
            for (int t = 0; t < series.length; t++) series[t] *= scale;
            Events.count(series, random);
        }
        if (Draw.chance(random, 0.1)) {
            double height = std(series, mean(series)) * Draw.uniform(random, 0.5, 3);
            double fading = Draw.chance(random, 0.5) ? 0 : Draw.uniform(random, 0.3, 0.9);
            double upward = Draw.chance(random, 0.7) ? 1 : 0.5;
            Events.addShots(series, height, Draw.logUniform(random, 15, 300), fading, upward, random);
        }
        if (Draw.chance(random, 0.12)) {
            Events.round(series, std(series, mean(series)) * (float) Draw.logUniform(random, 0.01, 0.5));
        }
        if (Draw.chance(random, 0.03)) Events.hold(series, random);
    }

    private static float mean(float[] series) {
        float sum = 0;
        for (float value : series) sum += value;
        return sum / series.length;
    }

    /** The standard deviation, kept above 0 so that it can be a divisor. */
    private static float std(float[] series, float mean) {
        float squares = 0;
        for (float value : series) squares += (value - mean) * (value - mean);
        return (float) Math.sqrt(squares / series.length) + 1e-6f;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long z) {
        z += GOLDEN;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
