package org.ttm4j.ttm.train;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.series.Gaps;
import org.ttm4j.ttm.series.Origins;
import org.ttm4j.ttm.series.Rows;

/**
 * The windows of given rows of standardised series, in the order of series and time. For a model that mixes channels a
 * window has all channels; otherwise each channel is a separate window. Thread-safe.
 *
 * <p>Windows are on the scale of the whole series, as in the reference library, and so is their loss. The 1e-5 that the
 * scaler of the model adds to a variance therefore shrinks a window with less than a hundredth of the deviation of its
 * channel, which a forecast would bring to a deviation of 1 to 2 first. Such a window also has less than a
 * ten-thousandth of the squared error of others, so that it has little effect on training.
 */
final class RowWindows implements WindowSource {
    /**
     * One series, standardised.
     *
     * @param values channels × time, NaN = missing
     * @param filled the exogenous channels of the values, with interpolated gaps
     */
    private record Series(float[][] values, float[][] filled, int[] categories, Origins origins) {}

    private final TtmConfig config;
    private final int inputs;
    private final boolean mixes;
    private final int token;
    private final Series[] series;
    /** The number of the first window of each series, followed by the number of windows. */
    private final int[] first;

    /**
     * The windows of the rows that {@code rows} selects in each series.
     *
     * @param most the most windows; if there are more, evenly spaced ones are used
     */
    RowWindows(TtmConfig config, FineTuningData data, Function<FineTuningData.Series, Rows> rows, int most) {
        this.config = config;
        inputs = data.channels().inputs().size();
        mixes = config.mixesChannels();
        token = data.resolution().tokenWithin(config.frequencyTokenVocabSize());
        List<FineTuningData.Series> all = data.series();
        int length = config.contextLength() + config.outputLength();
        long possible = 0;
        for (FineTuningData.Series one : all) possible += rows.apply(one).windows(length);
        long share = mixes ? most : Math.max(1, most / inputs);
        int stride = (int) Math.max(1, (possible + share - 1) / share);
        series = new Series[all.size()];
        first = new int[all.size() + 1];
        for (int s = 0; s < series.length; s++) {
            float[][] values = data.channels().standardization().apply(all.get(s).values());
            Origins origins = Origins.in(rows.apply(all.get(s)), config.contextLength(), config.outputLength(), stride);
            series[s] = new Series(values, filled(values), all.get(s).categories(), origins);
            first[s + 1] = Math.addExact(first[s], Math.multiplyExact(origins.count(), mixes ? 1 : inputs));
        }
    }

    private float[][] filled(float[][] values) {
        int[] exogenous = config.usesExogenous() ? config.exogenousChannels() : new int[0];
        float[][] filled = new float[exogenous.length][];
        for (int i = 0; i < exogenous.length; i++) {
            filled[i] = Gaps.filled(values[exogenous[i]], values[exogenous[i]].length);
        }
        return filled;
    }

    int size() {
        return first[series.length];
    }

    /** True if any value to forecast is observed. */
    boolean isObserved() {
        int[] targets = config.predictionChannels(inputs);
        for (Series one : series) {
            int end = one.origins.count() == 0 ? 0 : one.origins.at(one.origins.count() - 1) + one.origins.horizon();
            for (int channel : targets) {
                for (int t = one.origins.first(); t < end; t++) if (!Float.isNaN(one.values[channel][t])) return true;
            }
        }
        return false;
    }

    int channels() {
        return mixes ? inputs : 1;
    }

    @Override
    public void fill(Window window, long index) {
        int found = Arrays.binarySearch(first, (int) index);
        int s = found >= 0 ? found : -found - 2;
        // If several series have the same first number, all but the last are empty.
        while (series[s].origins.count() == 0) s++;
        Series one = series[s];
        int number = (int) index - first[s];
        int end = one.origins.at(mixes ? number : number / inputs);
        int context = config.contextLength();
        int steps = config.outputLength();
        int[] targets = config.predictionChannels(channels());
        for (int c = 0; c < channels(); c++) window.past(c, one.values[channel(c, number)], end - context, context);
        for (int i = 0; i < targets.length; i++) window.target(i, one.values[channel(targets[i], number)], end, steps);
        for (int i = 0; i < one.filled.length; i++) {
            System.arraycopy(one.filled[i], end, window.knownFuture(), i * steps, steps);
        }
        window.token()[0] = token;
        System.arraycopy(one.categories, 0, window.categories(), 0, window.categories().length);
    }

    /** The series' channel that is channel {@code c} of a window. */
    private int channel(int c, int number) {
        return mixes ? c : number % inputs;
    }
}
