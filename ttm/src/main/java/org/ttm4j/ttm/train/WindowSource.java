package org.ttm4j.ttm.train;

import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.series.Gaps;

/**
 * Training windows by number. A number always gives the same window, in any thread and any order, so that a resumed run
 * sees the same windows as an uninterrupted one. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface WindowSource {

    /** Fills every array of the window with window {@code index}, counted from 0. */
    void fill(Window window, long index);

    /** Identifies the data of the windows, for example by a checksum; empty if there is no identification. */
    default String identity() {
        return "";
    }

    /**
     * The precomputed output of a frozen backbone for a window, [C, P, D], or null if the trainer must run the
     * backbone. The caller must not change the array. Called only if the backbone is frozen.
     */
    default float[] hidden(long index) {
        return null;
    }

    /**
     * One sample, overwritten by {@link #fill}: channels × steps each.
     *
     * @param past channels × L, with missing values filled
     * @param mask channels × L: 1 = observed
     * @param target forecast channels × Hf: the future; any finite value if not observed
     * @param targetMask forecast channels × Hf: 1 = observed
     * @param knownFuture exogenous channels × Hf: the known future; empty for models that read none
     * @param token one resolution token, for models that read one
     * @param categories a value for each static category; empty for models that read none
     */
    record Window(float[] past, float[] mask, float[] target, float[] targetMask, float[] knownFuture, int[] token,
            int[] categories) {
        /** The smallest divisor, in the units of the raw series. */
        private static final double LEAST_DEVIATION = 1e-4;
        /** Normalised values are clamped to ± this value, so that a single extreme step does not dominate a batch. */
        private static final float LIMIT = 20;

        /** A window of zeros for a model, with the given number of channels. */
        public static Window of(TtmConfig config, int channels) {
            int past = channels * config.contextLength();
            int future = config.predictionChannels(channels).length * config.outputLength();
            int known = config.usesExogenous() ? config.exogenousChannels().length * config.outputLength() : 0;
            return new Window(new float[past], new float[past], new float[future], new float[future], new float[known],
                    new int[1], new int[config.categoricalVocabSizeList().size()]);
        }

        /**
         * Fills a window of one channel from its raw steps, for pre-training. Mean and deviation are those of the
         * observed steps of the past; every step becomes (x − mean) / deviation, limited to ±20, and missing steps of
         * the past are filled and masked.
         *
         * @param raw L + H steps in any unit, NaN = missing; overwritten
         * @return the divisor
         */
        public double normalise(float[] raw) {
            int length = past.length;
            double sum = 0;
            int observed = 0;
            for (int t = 0; t < length; t++) {
                mask[t] = Float.isNaN(raw[t]) ? 0 : 1;
                if (mask[t] == 0) continue;
                sum += raw[t];
                observed++;
            }
            double mean = observed == 0 ? 0 : sum / observed;
            double squares = 0;
            for (int t = 0; t < length; t++) {
                if (mask[t] != 0) squares += (raw[t] - mean) * (raw[t] - mean);
            }
            double deviation = Math.max(LEAST_DEVIATION, Math.sqrt(squares / Math.max(1, observed)));
            for (int t = 0; t < raw.length; t++) {
                float value = (float) ((raw[t] - mean) / deviation);
                raw[t] = value > LIMIT ? LIMIT : value < -LIMIT ? -LIMIT : value;
            }
            past(0, raw, 0, length);
            target(0, raw, length, raw.length - length);
            return deviation;
        }

        /** Copies steps of a series, NaN = missing, to the past of a channel. */
        void past(int channel, float[] values, int from, int steps) {
            int offset = channel * steps;
            System.arraycopy(values, from, past, offset, steps);
            for (int t = offset; t < offset + steps; t++) mask[t] = Float.isNaN(past[t]) ? 0 : 1;
            Gaps.fill(past, mask, offset, steps);
        }

        /** Copies steps of a series, NaN = missing, to the target of a forecast channel. */
        void target(int channel, float[] values, int from, int steps) {
            for (int h = 0; h < steps; h++) {
                float value = values[from + h];
                boolean observed = !Float.isNaN(value);
                targetMask[channel * steps + h] = observed ? 1 : 0;
                target[channel * steps + h] = observed ? value : 0;
            }
        }
    }
}
