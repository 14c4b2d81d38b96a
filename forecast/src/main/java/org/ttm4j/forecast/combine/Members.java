package org.ttm4j.forecast.combine;

import java.time.Duration;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ttm4j.forecast.rolling.Season;

/**
 * The members of a combination, and how much each is trusted before it has been measured. The prior was chosen by hand on
 * the sets that docs/measurements/combination.md lists, none of them left out.
 */
public final class Members {
    /** Cycles of the longest season, and of shorter ones, that a seasonal mean is taken of. */
    private static final int FEW_CYCLES = 3;
    private static final int MANY_CYCLES = 7;

    /** Logarithms of prior weights; 0 for members that are not listed. */
    private static final Map<Class<? extends Member>, Double> LOG_PRIOR = Map.of(ModelAlone.class, 1.0,
            StraightLine.class, -1.5, LocalTrend.class, -0.7);

    /** Added to the log prior of the model on series like those it was trained on most. */
    private static final double LIKE_TRAINING = 1.5;
    private static final double NEARSIGHTED = 8;
    /** The share of the log-likelihood ratio that is added to the log prior of a line, and the most that is added. */
    private static final double SHARE_OF_LIKELIHOOD = 0.3;
    private static final double MOST_OF_LINE = 3;
    private static final Duration DAY = Duration.ofDays(1);

    private Members() {}

    /** True for steps shorter than a day and a long history, which the model was trained on most. */
    public static boolean isLikeTraining(Optional<TemporalAmount> frequency, int steps) {
        return steps >= Member.RECENT
                && frequency.filter(step -> step instanceof Duration length && length.compareTo(DAY) < 0).isPresent();
    }

    /**
     * The members for a series.
     *
     * @param seasons shortest first; none for a series without a season
     * @param year steps of a year, of series whose steps are a day to a week long; else empty
     */
    static List<Member> of(List<Season> seasons, OptionalDouble year) {
        List<Member> members = new ArrayList<>();
        members.add(new ModelAlone("model", false));
        members.add(new ModelAlone("model on the last " + Member.RECENT + " steps", true));
        for (Season season : seasons) {
            String name = season.name();
            members.add(new SeasonalDifference("model on differences to the " + name + " before", season.steps()));
            members.add(new SeasonalProfile("model on the series less its mean " + name, season.steps()));
        }
        members.add(new SeasonalNaive("last value repeated", 1));
        int shortest = seasons.isEmpty() ? 1 : seasons.get(0).steps();
        if (!seasons.isEmpty()) {
            members.add(new SeasonalNaive("last " + seasons.get(0).name() + " repeated", shortest));
        }
        for (Season season : seasons) {
            int cycles = season == seasons.get(seasons.size() - 1) ? FEW_CYCLES : MANY_CYCLES;
            // A longer season that the history holds only once is repeated by no other member.
            int leastCycles = season.steps() == shortest ? 2 : 1;
            members.add(new SeasonalMean("mean of the last " + cycles + " " + season.name() + "s", season.steps(),
                    cycles, leastCycles));
            members.add(new Autoregression("autoregression around the mean " + season.name(), season.steps()));
        }
        year.ifPresent(steps -> members.add(new SmoothYear("smooth year", steps)));
        members.add(new ExponentialSmoothing("exponential smoothing", shortest, 0));
        members.add(new ExponentialSmoothing("Theta method", shortest, 0.5));
        members.add(new StraightLine("trend line and season"));
        members.add(new LocalTrend("local trend", shortest, false));
        members.add(new LocalTrend("damped local trend", shortest, true));
        for (Member member : List.copyOf(members)) {
            if (growsByFactors(member)) members.add(new OnLogarithms(member));
        }
        members.add(new IntermittentDemand("intermittent demand (TSB)"));
        members.add(new PastMedian("median of past demand"));
        return members;
    }

    /** True if a member is also used on logarithms. */
    private static boolean growsByFactors(Member member) {
        boolean isRecent = member instanceof ModelAlone model && model.recent();
        return !(isRecent || member instanceof SeasonalNaive || member instanceof SeasonalDifference);
    }

    /**
     * The logarithm of a prior weight. If the backtest does not reach the whole horizon, members that ignore the season
     * look too good in it, because the first steps resemble the last value.
     *
     * @param isLikeTraining as of {@link #isLikeTraining}
     * @param unmeasured share of the horizon that the backtest does not reach; 0 in a series without a season
     */
    static double logPrior(Member member, boolean isLikeTraining, double unmeasured) {
        if (member instanceof OnLogarithms logarithms) {
            return logPrior(logarithms.member(), isLikeTraining, unmeasured);
        }
        boolean isModel = member instanceof ModelAlone;
        boolean knowsNoSeason = isModel || member instanceof SeasonalNaive naive && naive.season() == 1;
        return LOG_PRIOR.getOrDefault(member.getClass(), 0.0) + (isModel && isLikeTraining ? LIKE_TRAINING : 0)
                - (knowsNoSeason ? NEARSIGHTED * unmeasured : 0);
    }

    /**
     * What a straight line gains in a short series without a season: a share of the logarithm of how many times likelier it is than
     * a random walk with drift, which errors at a few origins hardly show. 0 for other members. Chosen on generated yearly series.
     */
    static double logPriorOfLine(Member member, double[] history) {
        if (member instanceof OnLogarithms logarithms) {
            return logPriorOfLine(logarithms.member(), Arrays.stream(history).map(Math::log).toArray());
        }
        if (!(member instanceof StraightLine)) return 0;
        return Math.clamp(SHARE_OF_LIKELIHOOD * Line.logLikelihoodOverRandomWalk(history), 0, MOST_OF_LINE);
    }
}
