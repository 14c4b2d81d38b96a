package org.ttm4j.ttm.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ttm4j.autograd.Parameter;
import org.ttm4j.ttm.model.TtmModel;

/**
 * Interpolates between pre-trained and trained weights (Wortsman et al. 2022, arXiv:2109.01903). An improvement in only
 * one part of the validation rows says little about later rows. These rows are therefore divided into consecutive
 * blocks, and a share is judged by the mean gain of the blocks minus the standard error of that mean, as in the
 * one-standard-error rule (Breiman et al. 1984, <i>Classification and Regression Trees</i>, 3.4.3).
 */
final class Interpolation {
    private static final int SHARES = 10;

    private Interpolation() {}

    /**
     * Sets a model to the weights, among tenths of the way, with the largest sure gain; to the start weights if no gain
     * is sure, or if the loss at the chosen weights is greater.
     *
     * @param part the factor of the chosen share. The gain along the line is approximately a parabola: half of the way
     *     to its maximum has three quarters of the gain, and still a gain if the maximum for later rows is nearer
     * @param model receives the weights; {@code heldOut} measures this model
     */
    static Chosen choose(Weights start, Weights end, double part, TtmModel model, HeldOut heldOut)
            throws InterruptedException {
        start.into(model);
        HeldOut.Losses before = heldOut.losses();
        double chosen = 0;
        double most = 0;
        for (int i = 1; i <= SHARES; i++) {
            double share = (double) i / SHARES;
            start.towards(end, (float) share).into(model);
            HeldOut.Losses after = heldOut.losses();
            double gain = sureGain(before, after);
            if (gain > most && after.mean() < before.mean()) {
                most = gain;
                chosen = share * part;
            }
        }
        start.towards(end, (float) chosen).into(model);
        double loss = heldOut.loss();
        if (loss <= before.mean()) return new Chosen(chosen, loss);
        start.into(model);
        return new Chosen(0, before.mean());
    }

    /**
     * A position on the line.
     *
     * @param share of the way, 0 to 1
     * @param loss of the model with these weights
     */
    record Chosen(double share, double loss) {}

    /** The mean gain of the blocks, before − after, minus its standard error; for a single block, the gain. */
    static double sureGain(HeldOut.Losses before, HeldOut.Losses after) {
        double[] gains = new double[before.blocks().length];
        for (int i = 0; i < gains.length; i++) gains[i] = before.blocks()[i] - after.blocks()[i];
        double mean = Arrays.stream(gains).average().orElse(0);
        double squares = Arrays.stream(gains).map(gain -> (gain - mean) * (gain - mean)).sum();
        return gains.length < 2 ? mean : mean - Math.sqrt(squares / (gains.length - 1) / gains.length);
    }

    /** A copy of everything that training changes in a model: parameters that are not frozen, buffers and counters. */
    record Weights(Map<String, float[]> values, Map<String, Long> counts) {
        static Weights of(TtmModel model) {
            Weights weights = new Weights(new LinkedHashMap<>(), new LinkedHashMap<>());
            model.parameters().forEach((name, parameter) -> {
                if (Trainer.isFrozen(parameter)) return;
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
            Map<String, float[]> between = new LinkedHashMap<>();
            values.forEach((name, from) -> {
                float[] to = other.values.get(name);
                float[] mixed = new float[from.length];
                for (int i = 0; i < mixed.length; i++) mixed[i] = from[i] + share * (to[i] - from[i]);
                between.put(name, mixed);
            });
            return new Weights(between, other.counts);
        }
    }
}
