package org.ttm4j.data.synthetic;

import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** The kinds of synthetic series, which {@link SyntheticSeries} draws by their shares. */
public enum SyntheticKind {
    /** Seasons, drift, trend, noise and events that add up. */
    COMPOSED(null),
    /** Gaussian processes of composed kernels. */
    GAUSSIAN_PROCESS(GaussianProcess::add),
    /** Growth, breaks and regimes that multiply seasons. */
    STRUCTURAL(SyntheticKind::fillStructural),
    /** Demand that is zero most of the time. */
    INTERMITTENT(SyntheticKind::fillIntermittent),
    /** Sums that start again at times. */
    COUNTER(SyntheticKind::fillCounter),
    /** Activity by working days, holidays, ends of months and opening hours. */
    BUSINESS(SyntheticKind::fillBusiness);

    /** Only composed series, as the first bundled models were trained on. */
    public static final Map<SyntheticKind, Double> DEFAULT_SHARES = Map.of(COMPOSED, 1.0);

    private static final int YEAR = 365;
    private static final int MONTH = 30;

    /** Fills a series of zeros; null for composed ones. */
    final Generator generator;

    interface Generator {
        void fill(float[] series, Clock clock, SplittableRandom random);
    }

    SyntheticKind(Generator generator) {
        this.generator = generator;
    }

    /** The name in a configuration, in lower case. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Series whose parts multiply, as those of sales, loads and passengers do: a level that grows, breaks and saturates,
     * seasons in proportion to it, and regimes that change level, seasons and noise for a while.
     */
    private static void fillStructural(float[] series, Clock clock, SplittableRandom random) {
        float[] season = new float[series.length];
        Season.add(season, Draw.logUniform(random, 0.05, 0.5), clock.period(), random);
        if (clock.longerPeriod() > 0) {
            Season.add(season, Draw.logUniform(random, 0.05, 0.5), clock.longerPeriod(), random);
        }
        if (clock.hasWeekdays() && random.nextBoolean()) {
            Season.addWeek(season, Draw.logUniform(random, 0.05, 0.4), clock.stepsPerDay(), random);
        }
        Drift.addLines(series, Draw.logUniform(random, 0.1, 2.5), random);
        if (random.nextBoolean()) Drift.addShifts(series, Draw.logUniform(random, 0.05, 0.6), random);
        if (random.nextBoolean()) Drift.addWalk(series, Draw.logUniform(random, 0.05, 0.5), random);
        float[] noise = new float[series.length];
        Noise.add(noise, Draw.logUniform(random, 0.01, 0.3), clock.period(), random);
        double most = Draw.logUniform(random, 0.4, 6);
        boolean multiplies = Draw.chance(random, 0.8);
        double change = Draw.chance(random, 0.35) ? Draw.logUniform(random, 0.03, 1) / Math.max(clock.period(), 4) : 0;
        float shift = 0;
        float strength = 1;
        float volatility = 1;
        for (int t = 0; t < series.length; t++) {
            if (Draw.chance(random, change)) {
                shift = 0.3f * Draw.normal(random);
                strength = (float) Draw.logUniform(random, 0.3, 1.5);
                volatility = (float) Draw.logUniform(random, 0.5, 4);
            }
            double level = most * Math.tanh((series[t] + shift) / most);
            double cycle = strength * season[t] + volatility * noise[t];
            series[t] = (float) (multiplies ? Math.exp(level + Math.min(3, cycle)) : level + cycle);
        }
    }

    /** Demand of spare parts, rare events: its chance follows a season, fades away, or comes in clusters. */
    private static void fillIntermittent(float[] series, Clock clock, SplittableRandom random) {
        Season.Shape season = Season.Shape.draw(random);
        double chance = Draw.logUniform(random, 0.03, 0.6);
        double swing = random.nextBoolean() ? Draw.uniform(random, 0.2, 0.9) : 0;
        double fading = Draw.chance(random, 0.2) ? Draw.uniform(random, -2, 2) / series.length : 0;
        double cluster = Draw.chance(random, 0.3) ? Draw.uniform(random, 0.1, 0.6) : 0;
        double size = Draw.logUniform(random, 1, 30);
        double spread = random.nextDouble();
        double phase = random.nextDouble();
        for (int t = 0; t < series.length; t++) {
            double turn = (phase + t / clock.period()) % 1;
            double now = chance * Math.exp(fading * t) * Math.max(0, 1 + swing * season.at(turn));
            if (t > 0 && series[t - 1] > 0) now += cluster;
            if (!Draw.chance(random, now)) continue;
            series[t] = Math.max(1, Math.round(size * Math.exp(spread * Draw.normal(random))));
        }
    }

    /** Meters and totals: the sum of a rate with a season, which starts again at a limit, by the clock or never. */
    private static void fillCounter(float[] series, Clock clock, SplittableRandom random) {
        Season.add(series, Draw.logUniform(random, 0.2, 1.2), clock.period(), random);
        Noise.add(series, Draw.logUniform(random, 0.03, 0.8), clock.period(), random);
        double kind = random.nextDouble();
        double limit = kind < 0.4 ? series.length * Draw.logUniform(random, 0.03, 1) : Double.POSITIVE_INFINITY;
        double cycle = kind > 0.7 ? clock.period() * (1 + random.nextInt(3)) : Double.POSITIVE_INFINITY;
        double next = cycle * random.nextDouble();
        double sum = random.nextDouble() * Math.min(limit, Math.min(cycle, series.length));
        float step = Draw.chance(random, 0.4) ? (float) Draw.logUniform(random, 0.5, 10) : 1e-3f;
        for (int t = 0; t < series.length; t++) {
            sum = t >= next ? 0 : (sum + Math.max(0, 1 + series[t])) % limit;
            if (t >= next) next += cycle;
            series[t] = step * Math.round(sum / step);
        }
    }

    /**
     * Activity by a business calendar: working days, days off, holidays with what is bought before them, ends of months or pay
     * days and, where a day has twelve steps or more, opening hours.
     */
    private static void fillBusiness(float[] series, Clock clock, SplittableRandom random) {
        double day = clock.stepsPerDay() > 0 ? clock.stepsPerDay() : 1;
        if (day >= 1) Season.addWeek(series, Draw.logUniform(random, 0.1, 0.8), day, random);
        Season.add(series, Draw.logUniform(random, 0.02, 0.3), YEAR * day, random);
        Drift.addReturning(series, Draw.logUniform(random, 0.02, 0.4), Math.max(4, 20 * day), random);
        Noise.add(series, Draw.logUniform(random, 0.01, 0.3), 0, random);
        double midnight = random.nextDouble();
        for (int left = random.nextInt(13); left > 0; left--) addDays(series, YEAR, day, midnight, random);
        if (random.nextBoolean()) addDays(series, MONTH, day, midnight, random);
        double opens = Draw.uniform(random, 0.2, 0.45);
        double closes = day < 12 ? 2 : Draw.uniform(random, 0.6, 0.98);
        float closed = random.nextBoolean() ? 0 : (float) Draw.uniform(random, 0.02, 0.5);
        for (int t = 0; t < series.length; t++) {
            double time = (midnight + t / day) % 1;
            float rate = (float) Math.exp(Math.max(-6, Math.min(4, series[t])));
            series[t] = closes > 1 || time >= opens && time < closes ? rate : closed * rate;
        }
    }

    /** Adds days of every year or month that differ from the others, and at times a rise towards them. */
    private static void addDays(float[] series, int cycle, double day, double midnight, SplittableRandom random) {
        double begin = (random.nextInt(cycle) + midnight) * day;
        double length = (1 + random.nextInt(3)) * day;
        float size = (float) (Draw.uniform(random, -2, 1) * Math.min(1, length));
        double rise = Math.max(1, random.nextInt(1, 15) * day);
        float before = Draw.chance(random, 0.4) ? (float) Draw.uniform(random, 0, 0.8) : 0;
        for (int t = 0; t < series.length; t++) {
            double since = (begin + t) % (cycle * day);
            double until = cycle * day - since;
            // Days shorter than a step count for their part of it.
            if (since < Math.max(1, length)) series[t] += size;
            else if (until < rise) series[t] += before * (float) (1 - until / rise);
        }
    }
}
