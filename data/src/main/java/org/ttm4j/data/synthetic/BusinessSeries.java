package org.ttm4j.data.synthetic;

import java.util.SplittableRandom;

/**
 * Activity by a business calendar: working days, days off, holidays with what is bought before them, the ends of months
 * and pay days and, where steps are shorter than a day, opening hours.
 */
final class BusinessSeries {
    private static final double DAYS_PER_YEAR = 365.25;
    private static final double DAYS_PER_MONTH = DAYS_PER_YEAR / 12;

    private BusinessSeries() {}

    static void fill(float[] series, Clock clock, SplittableRandom random) {
        double stepsPerDay = clock.stepsPerDay() > 0 ? clock.stepsPerDay() : 1;
        float[] log = new float[series.length];
        if (stepsPerDay >= 1) SeasonComponent.addWeek(log, Draw.logUniform(random, 0.1, 0.8), stepsPerDay, random);
        if (Draw.chance(random, 0.7)) {
            SeasonComponent.add(log, Draw.logUniform(random, 0.03, 0.3), DAYS_PER_YEAR * stepsPerDay, random);
        }
        if (Draw.chance(random, 0.5)) Trend.addLines(log, Draw.logUniform(random, 0.1, 1), random);
        Drift.addReturning(log, Draw.logUniform(random, 0.02, 0.3), Math.max(4, 20 * stepsPerDay), random);
        Noise.add(log, Draw.logUniform(random, 0.01, 0.3), 0, random);
        double begin = random.nextDouble() * DAYS_PER_YEAR;
        double first = Math.floor(begin);
        int days = (int) (series.length / stepsPerDay) + 3;
        float[] effect = new float[Math.max(days, 1)];
        addHolidays(effect, first, random);
        addMonthEnds(effect, first, random);
        boolean hours = stepsPerDay >= 12;
        double opens = Draw.uniform(random, 0.2, 0.45);
        double closes = Draw.uniform(random, 0.6, 0.98);
        float closed = Draw.chance(random, 0.5) ? 0 : (float) Draw.uniform(random, 0.02, 0.5);
        SeasonalShape shape = SeasonalShape.draw(random);
        float swing = (float) Draw.uniform(random, 0, 0.5);
        for (int t = 0; t < series.length; t++) {
            double at = begin - first + t / stepsPerDay;
            double end = at + 1 / stepsPerDay;
            // A step longer than a day has the mean effect of its days.
            int count = 0;
            float mean = 0;
            for (int day = (int) at; day < Math.max((int) at + 1, (int) end); day++, count++) {
                mean += effect[Math.min(day, days - 1)];
            }
            float value = (float) Math.exp(Math.max(-6, Math.min(4, log[t] + mean / count)));
            double time = at - Math.floor(at);
            if (hours) value *= time >= opens && time < closes ? Math.max(0.1f, 1 + swing * shape.at(time)) : closed;
            series[t] = value;
        }
        if (Draw.chance(random, 0.2)) Events.round(series, (float) Draw.logUniform(random, 0.01, 0.3));
    }

    /** Holidays on the same days of every year, and a rise in the days before some of them. */
    private static void addHolidays(float[] effect, double first, SplittableRandom random) {
        int holidays = random.nextInt(13);
        for (int i = 0; i < holidays; i++) {
            int day = random.nextInt(365);
            int length = 1 + random.nextInt(Draw.chance(random, 0.2) ? 10 : 3);
            float size = (float) Draw.uniform(random, -2, 0.6);
            float before = Draw.chance(random, 0.4) ? (float) Draw.uniform(random, 0, 0.8) : 0;
            int rise = 1 + random.nextInt(12);
            for (int d = 0; d < effect.length; d++) {
                double since = (d + first - day) % DAYS_PER_YEAR;
                since += since < 0 ? DAYS_PER_YEAR : 0;
                if (since < length) effect[d] += size;
                double until = DAYS_PER_YEAR - since;
                if (until <= rise) effect[d] += before * (float) (1 - (until - 1) / rise);
            }
        }
    }

    /** A rise or fall on the last or first days of each month, or on a pay day. */
    private static void addMonthEnds(float[] effect, double first, SplittableRandom random) {
        if (Draw.chance(random, 0.5)) return;
        int width = 1 + random.nextInt(4);
        double at = Draw.chance(random, 0.7) ? 0 : random.nextInt(28);
        float size = (float) Draw.uniform(random, -0.5, 1);
        for (int d = 0; d < effect.length; d++) {
            double day = (d + first + DAYS_PER_MONTH - at) % DAYS_PER_MONTH;
            if (day < width) effect[d] += size * (float) (1 - day / width);
        }
    }
}
