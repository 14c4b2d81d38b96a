package org.ttm4j.forecast.combine;

/**
 * A history taken apart into a straight line, a seasonal profile around it and a rest, by turns of least squares: the line
 * is fitted to the series less the profile, the profile to the series less the line.
 *
 * @param history that is taken apart
 * @param line through the deseasonalised history
 * @param profile beginning with the step after the history
 * @param deseasonalised the history less the profile
 */
record TrendAndSeason(double[] history, Line line, double[] profile, double[] deseasonalised) {
    private static final int TURNS = 3;
    /** Older seasons say little of the next one. */
    private static final int MOST_CYCLES = 14;

    /** A season of 1 leaves the profile out, as a history of less than one and a half seasons does. */
    static TrendAndSeason of(double[] history, int season) {
        boolean seasonal = season > 1 && history.length >= season + season / 2 + 2;
        Line line = Line.through(history);
        double[] profile = {0};
        double[] deseasonalised = history;
        for (int turn = 0; turn < TURNS && seasonal; turn++) {
            double[] rest = new double[history.length];
            for (int t = 0; t < rest.length; t++) rest[t] = history[t] - line.at(t);
            profile = SeasonalProfile.of(rest, season, MOST_CYCLES);
            deseasonalised = SeasonalProfile.without(history, profile);
            line = Line.through(deseasonalised);
        }
        return new TrendAndSeason(history, line, profile, deseasonalised);
    }

    /** Whether the history is long enough for a profile of this season; there is none to be known of a season of 1. */
    boolean knows(int season) {
        return profile.length == season;
    }

    double season(int h) {
        return profile[h % profile.length];
    }
}
