package org.ttm4j.forecast;

import java.util.List;
import java.util.Optional;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.train.Channels;

/**
 * The capabilities of a forecaster.
 *
 * @param mode {@link ForecastMode#FAST} where nothing is combined
 * @param models that it has, the longest context first; each with what it is for
 * @param channels that the model was fine-tuned on; empty for one that takes any series
 * @param intervals of a model that was calibrated
 * @param minimumHistory the fewest steps of history that are accepted: 1/32 of the (shortest) context and at least 2, or
 *     less where the model is combined
 * @param context the most steps of history that it has a use for; {@link Forecaster#context} where a combination forecasts far
 *     ahead or in short steps
 */
public record ForecasterInfo(ForecastMode mode, List<ModelChoice> models, Optional<Channels> channels,
        Optional<ConformalIntervals> intervals, int minimumHistory, int context) {

    /**
     * The first of {@link #models()}. Its configuration says which channels the forecaster takes and forecasts, the same in
     * all of its models.
     */
    public ModelChoice longestModel() {
        return models.get(0);
    }

    /** Whether forecasts are combined. They then have quantiles always, and known futures correct them. */
    public boolean combines() {
        return mode != ForecastMode.FAST;
    }

    /**
     * Whether forecasts of these models can be combined: not where a model was calibrated or fine-tuned on channels of its own,
     * mixes channels, forecasts only some of them or needs more than a history.
     */
    public boolean canCombine() {
        TtmConfig config = longestModel().config();
        return intervals.isEmpty() && channels.isEmpty() && !config.mixesChannels() && !config.needsKnownFuture()
                && config.categoricalVocabSizeList().isEmpty() && config.predictionChannelIndices().isEmpty();
    }

    /**
     * Checks that series can be forecast from their values alone.
     *
     * @throws IllegalArgumentException when the models need known future values, static categories or another number of
     *     channels
     */
    public void requireHistoryOnly(int seriesChannels) {
        TtmConfig config = longestModel().config();
        if (config.needsKnownFuture() || !config.categoricalVocabSizeList().isEmpty()) {
            throw new IllegalArgumentException("this model needs known future values or static categories, which a "
                    + "stream of values does not have");
        }
        boolean exactly = config.mixesChannels() || channels.isPresent();
        int least = channels.map(known -> known.inputs().size()).orElse(config.leastChannels());
        if (seriesChannels < least || exactly && seriesChannels > least) {
            throw new IllegalArgumentException(
                    seriesChannels + " channels: this model needs " + (exactly ? "" : "at least ") + least);
        }
    }

    /**
     * Whether every forecast has quantiles of these levels, at any horizon: that of a combination, or of models whose quantile
     * heads have them.
     */
    public boolean makesQuantiles(double... levels) {
        return combines() || models.stream().allMatch(model -> model.config().quantileHead().covers(levels));
    }
}
