package org.ttm4j.forecast.explain;

import java.util.List;

/**
 * The attribution of one request's forecast to its history, for the first pass of the model alone. Made by
 * {@link org.ttm4j.forecast.ModelForecaster#explain}. In a model that does not mix channels, a channel affects its own
 * forecast only. A known future is held as it is.
 *
 * <p>All of it says what the <em>model</em> does with this history, not what drives the series in the world, and the three
 * ways answer three questions. Where they disagree, the forecast is not a sum of parts, and none of them is the truth. In
 * general an attribution may look like its input whatever the model is: compare it with that of a model of fresh weights
 * (Adebayo et al. 2018, arXiv:1810.03292).
 *
 * <p>Every method throws IllegalArgumentException where the forecast has no such channel or step, or where the model has no
 * part in it because the channel never varies. Immutable and safe for any number of threads.
 */
public interface Explanation {

    /** Steps of a patch of the model. */
    int patchLength();

    /**
     * The derivative of the target by each step of the history, in its units a unit of the step's channel. It includes the
     * way of a step through location and scale of its series. Source: Simonyan et al. 2013, arXiv:1312.6034.
     *
     * <p>Not how much a step contributes: the forecast may hardly react to a step that it rests on, or sharply to one that is
     * as usual. It holds for small changes, and what a model picks, such as the strongest frequencies or a median, is held.
     */
    Attribution gradient(Target target);

    /**
     * The difference between the target and what it is for a baseline, shared among the steps of the history: the gradient's
     * integral on the straight line from the baseline, times the way. Source: Sundararajan et al. 2017, arXiv:1703.01365;
     * with several baselines: Erion et al. 2019, arXiv:1906.10670. The integral is as fine as brings the sum of the shares within
     * a thousandth of the series' deviation of the difference.
     *
     * <p><b>The baseline</b> is the history's own values in a random order, four orders and their mirror images about the
     * mean, always the same ones; in a model that mixes channels, of every channel. A baseline so has the location and the
     * scale of the series and no season, trend or level at the end. A constant, the usual choice, says nothing here: on the
     * whole line from it the scaler gives the model one and the same input, and the shares are the gradient times the deviation
     * from the mean. Strongest frequencies and the weights of a robust trend, where the model has these, are
     * those of the history on the whole line.
     *
     * <p>Takes hundreds of runs of the model and back, some tenths of a second to seconds a channel, where the others take
     * a few.
     *
     * <p>Not what would happen without a step: a share may be large where a neighbour would say the same. A share of a single
     * step depends on the orders drawn, by about a third of its size; that of a patch, by an eighth.
     */
    Attribution integratedGradients(Target target);

    /**
     * What each stretch of the history does to the target, as the difference when it is missing. Stretches are counted from
     * the end of the history; the first may be shorter. In a model that mixes channels, of one channel at a time. Source:
     * Zeiler and Fergus 2013, arXiv:1311.2901.
     *
     * <p>A stretch that is missing is filled on a line between its neighbours, so that this measures what its <em>shape</em>
     * adds to that line, and little where a neighbour says the same. The effects of two stretches are not that of both.
     *
     * @param length of a stretch in steps; {@link #patchLength()} for the patches of most models
     */
    Occlusion occlusion(Target target, int length);

    /**
     * The part of a forecast that is explained.
     *
     * @param channel row of the forecast, counted from 0
     * @param step of the forecast, counted from 0; {@link #ALL} for the sum of all steps
     */
    record Target(int channel, int step) {
        /** The sum of all steps. */
        public static final int ALL = -1;

        /** Throws IllegalArgumentException for what no forecast has. */
        public Target {
            if (channel < 0) throw new IllegalArgumentException("channel " + channel + ": expected 0 or more");
            if (step < ALL) throw new IllegalArgumentException("step " + step + ": expected 0 or more, or ALL (-1)");
        }

        /** A step of the forecast of a channel, both counted from 0. */
        public static Target step(int channel, int step) {
            return new Target(channel, step);
        }

        /** The sum of all steps of the forecast of a channel. */
        public static Target sum(int channel) {
            return new Target(channel, ALL);
        }
    }

    /**
     * The share of each step of a history in a forecast. Immutable; arrays are not to be changed.
     *
     * @param target what is explained
     * @param forecast its value, in original units
     * @param baseline what the values are the difference from: the mean forecast of the baselines of integrated gradients; NaN
     *     for a gradient, which is no difference
     * @param firstStep the step of the history that the values begin at: earlier ones are not read
     * @param values input channels × steps from the first on; 0 at missing steps, whose part goes to those that they are
     *     interpolated from
     */
    record Attribution(Target target, double forecast, double baseline, int firstStep, double[][] values) {

        /** The sum over the steps {@code from} (inclusive) to {@code to} (exclusive) of the history of an input channel. */
        public double sum(int channel, int from, int to) {
            double sum = 0;
            for (int t = Math.max(from, firstStep); t < Math.min(to, firstStep + values[channel].length); t++) {
                sum += values[channel][t - firstStep];
            }
            return sum;
        }

        /** The sum over all channels and steps; of integrated gradients {@code forecast − baseline}, nearly. */
        public double total() {
            double total = 0;
            for (int c = 0; c < values.length; c++) total += sum(c, firstStep, firstStep + values[c].length);
            return total;
        }
    }

    /**
     * How a forecast changes where a stretch of the history is missing. Immutable.
     *
     * @param target what is explained
     * @param forecast its value with the whole history, in original units
     * @param stretches in the order of channels and time; those with nothing observed are left out
     */
    record Occlusion(Target target, double forecast, List<Stretch> stretches) {
        /** Takes the stretches as they are. */
        public Occlusion {
            stretches = List.copyOf(stretches);
        }

        /**
         * A stretch of the history.
         *
         * @param channel input channel
         * @param from its first step
         * @param to the step after its last
         * @param effect the forecast less what it is without the stretch
         */
        public record Stretch(int channel, int from, int to, double effect) {}
    }
}
