package org.ttm4j.ttm.combine;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** The model on the series as it is. */
record ModelAlone() implements Member {
    @Override
    public String name() {
        return "model";
    }

    @Override
    public Optional<Attempt> attempt(double[] history, int horizon) {
        return Attempt.ofModel(history, UnaryOperator.identity());
    }
}
