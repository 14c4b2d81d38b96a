package org.ttm4j.forecast.combine;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The model on the series as it is, or on its end alone: where several models are bundled, that is another one, which sees
 * less in finer patches.
 *
 * @param recent whether it is given the last {@value Member#RECENT} steps alone
 */
record ModelAlone(String name, boolean recent) implements Member {
    @Override
    public Optional<Attempt> attempt(double[] history, TrendAndSeason parts, int horizon) {
        if (recent && history.length <= RECENT) return Optional.empty();
        return Attempt.ofModel(recent ? Member.recent(history) : history, UnaryOperator.identity());
    }
}
