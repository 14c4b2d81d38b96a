package org.ttm4j.ttm.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.ttm.model.TtmModel;

/** A copy of everything that training changes in a model: parameters that are not frozen, buffers and counters. */
final class Weights {
    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final Map<String, Long> counts = new LinkedHashMap<>();

    private Weights() {}

    /** The current weights of a model. */
    static Weights of(TtmModel model) {
        Weights weights = new Weights();
        model.parameters().forEach((name, parameter) -> {
            if (parameter.kind() == Parameter.Kind.TRAINED && !parameter.trainable()) return;
            weights.values.put(name, parameter.value().clone());
            weights.counts.put(name, parameter.count());
        });
        return weights;
    }

    /** Copies these weights to a model of the same configuration. */
    void into(TtmModel model) {
        Map<String, Parameter> parameters = model.parameters();
        values.forEach((name, array) -> {
            Parameter parameter = parameters.get(name);
            System.arraycopy(array, 0, parameter.value(), 0, array.length);
            parameter.count(counts.get(name));
            parameter.changed();
        });
    }

    /** this + share · (other − this), with counts of {@code other}. Source: Wortsman et al. 2022, arXiv:2109.01903. */
    Weights towards(Weights other, float share) {
        Weights between = new Weights();
        values.forEach((name, from) -> {
            float[] to = other.values.get(name);
            float[] mixed = new float[from.length];
            for (int i = 0; i < mixed.length; i++) mixed[i] = from[i] + share * (to[i] - from[i]);
            between.values.put(name, mixed);
        });
        between.counts.putAll(other.counts);
        return between;
    }
}
