package org.ttm4j.forecast.combine;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The model on the series less its seasonal profile, the mean of each phase of the season in the history less the mean of
 * all phases; the profile is added to the forecast again.
 *
 * @param season steps of a season
 */
record SeasonalProfile(String name, int season) implements Member {
    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (history.length < 2 * season + 4) return Optional.empty();
        double[] profile = of(history, season, history.length / season);
        double[] rest = without(history, profile);
        return Attempt.ofModel(Member.recent(rest),
                model -> IntStream.range(0, horizon).mapToDouble(h -> model[h] + profile[h % season]).toArray());
    }

    /**
     * The profile of the last so many seasons, beginning with the phase of the step after the history; 0 for a phase
     * without a value.
     */
    static double[] of(double[] history, int season, int cycles) {
        double[] profile = new double[season];
        double sum = 0;
        int phases = 0;
        for (int phase = 0; phase < season; phase++) {
            profile[phase] = SeasonalMean.of(history, history.length, season, cycles, phase);
            if (Double.isNaN(profile[phase])) continue;
            sum += profile[phase];
            phases++;
        }
        for (int phase = 0; phase < season; phase++) {
            profile[phase] = Double.isNaN(profile[phase]) ? 0 : profile[phase] - sum / phases;
        }
        return profile;
    }

    /** The history less a profile that begins with the step after it. */
    static double[] without(double[] history, double[] profile) {
        double[] rest = new double[history.length];
        int phase = Math.floorMod(-rest.length, profile.length);
        for (int t = 0; t < rest.length; t++) {
            rest[t] = history[t] - profile[phase];
            if (++phase == profile.length) phase = 0;
        }
        return rest;
    }
}
