package org.ttm4j.ttm.train;

import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.series.Standardization;

/**
 * Series to fine-tune on, in original units, and what their channels mean. The arrays are not copied and must not change
 * while they are in use.
 *
 * <pre>{@code
 * Channels roles = new Channels(List.of(
 *         Channel.of("load", Role.TARGET, 0, 1), Channel.of("holiday", Role.KNOWN_FUTURE, 0, 1)));
 * FineTuningData data = FineTuningData.chronological(roles, new float[][]{load, holiday}, 512, 0.7, 0.1, 1);
 * }</pre>
 *
 * @param channels the roles, with the means and deviations that the model is to see the values by
 * @param series at least one
 * @param frequency time between two steps, for models with a resolution prefix: a Duration, or a Period such as a month
 */
public record FineTuningData(Channels channels, List<Series> series, Optional<TemporalAmount> frequency) {

    /**
     * One series.
     *
     * @param values the channels' {@link Channels#inputs()} × time, NaN = missing
     * @param categories a value for each static category; empty without
     * @param train the rows of the training windows, contexts included
     * @param validation the rows of the windows that decide what is kept, contexts included
     */
    public record Series(double[][] values, int[] categories, Rows train, Rows validation) {

        /** As the constructor, with values that float32 holds. */
        public Series(float[][] values, int[] categories, Rows train, Rows validation) {
            this(Precision.doubles(values), categories, train, validation);
        }
    }

    /** Picks some of a series' rows. */
    @FunctionalInterface
    interface RowsOf {
        Rows of(Series series);
    }

    /** @throws IllegalArgumentException when values, categories or rows do not fit */
    public FineTuningData {
        series = List.copyOf(series);
        if (series.isEmpty()) throw new IllegalArgumentException("no series to fine-tune on: expected at least one");
        for (int s = 0; s < series.size(); s++) check(channels, series.get(s), "series " + s + ": ");
    }

    /** Series of unknown frequency. */
    public FineTuningData(Channels channels, List<Series> series) {
        this(channels, series, Optional.empty());
    }

    private static void check(Channels channels, Series series, String where) {
        int inputs = channels.inputs().size();
        if (series.values.length != inputs) {
            throw new IllegalArgumentException(where + series.values.length + " channels; expected " + inputs);
        }
        if (series.categories.length != channels.categories().size()) {
            throw new IllegalArgumentException(
                    where + series.categories.length + " static categories; expected " + channels.categories().size());
        }
        for (int i = 0; i < series.categories.length; i++) {
            int size = channels.categories().get(i).vocabulary().size();
            if (series.categories[i] < 0 || series.categories[i] >= size) {
                throw new IllegalArgumentException(where + "static category " + channels.categories().get(i).name()
                        + " is " + series.categories[i] + "; expected 0 to " + (size - 1));
            }
        }
        for (int c = 0; c < inputs; c++) {
            double[] values = series.values[c];
            if (values.length < Math.max(series.train.to(), series.validation.to())) {
                throw new IllegalArgumentException(
                        where + "a channel has " + values.length + " rows; expected all of training and validation, "
                                + series.train + " and " + series.validation);
            }
            for (int t = 0; t < values.length; t++) {
                if (!Double.isInfinite(values[t])) continue;
                throw new IllegalArgumentException(
                        where + "values[" + c + "][" + t + "] is infinite; missing values are NaN");
            }
        }
    }

    /**
     * One series, split in time: the first rows train, the next validate, the rest is kept for tests. Validation begins
     * with the context before it; channels are standardised by all training rows.
     *
     * @param roles of the channels; means and deviations are overwritten
     * @param context L of the model
     * @param train share of all rows, such as 0.7
     * @param validation share of all rows, such as 0.1
     * @param fraction few-shot training: int(fraction · (T − L)) + L of the T training rows; 1 for all
     * @throws IllegalArgumentException when the shares are not that, there are fewer training rows than a context, or the
     *     values are not those of the roles, not equally long or infinite somewhere
     */
    public static FineTuningData chronological(Channels roles, double[][] values, int context, double train,
            double validation, double fraction) {
        boolean shares = train > 0 && validation > 0 && train + validation <= 1 && fraction > 0 && fraction <= 1;
        if (!shares) {
            throw new IllegalArgumentException("shares " + train + " and " + validation + ", fraction " + fraction
                    + ": expected numbers above 0, the shares up to 1 together, the fraction up to 1");
        }
        requireInputs(roles, values);
        int rows = values[0].length;
        for (double[] channel : values) {
            if (channel.length == rows) continue;
            throw new IllegalArgumentException(
                    "a channel has " + channel.length + " rows where the first has " + rows + ": expected as many");
        }
        int all = (int) (train * rows);
        if (all < context) throw new IllegalArgumentException(all + " training rows: expected at least " + context);
        Rows few = new Rows(0, (int) (fraction * (all - context)) + context);
        Rows held = new Rows(all - context, all + (int) (validation * rows));
        Channels channels = standardising(roles, List.<double[][]>of(values), List.of(new Rows(0, all)));
        return new FineTuningData(channels, List.of(new Series(values, new int[0], few, held)));
    }

    /** As {@link #chronological(Channels, double[][], int, double, double, double)}. */
    public static FineTuningData chronological(Channels roles, float[][] values, int context, double train,
            double validation, double fraction) {
        return chronological(roles, Precision.doubles(values), context, train, validation, fraction);
    }

    private static void requireInputs(Channels roles, double[][] values) {
        int inputs = roles.inputs().size();
        if (values.length == inputs) return;
        throw new IllegalArgumentException(
                values.length + " channels; expected " + inputs + ", the inputs of the roles");
    }

    /**
     * The channels with the {@linkplain Standardization#fit(List, List) means and deviations} of some rows of all series
     * together.
     *
     * @param values inputs × time of each series
     * @param rows of each series
     * @throws IllegalArgumentException when a series has not as many channels as there are inputs, or an infinite value
     */
    public static Channels standardising(Channels roles, List<double[][]> values, List<Rows> rows) {
        for (double[][] one : values) requireInputs(roles, one);
        List<Channels.Channel> inputs = roles.inputs();
        List<Channels.Channel> all = new ArrayList<>(roles.all());
        Standardization fitted = Standardization.fit(values, rows);
        for (int c = 0; c < inputs.size(); c++) {
            Channels.Channel input = inputs.get(c);
            all.set(all.indexOf(input),
                    Channels.Channel.of(input.name(), input.role(), fitted.means()[c], fitted.deviations()[c]));
        }
        return new Channels(all);
    }

    /**
     * The channels known in the future of which training shows too little: more than half of their validation values lie
     * farther than a deviation beyond all but 1 % of the training values on either side, as the year does where training
     * ends with it. Of such a channel the model learns other values than those that it will meet.
     */
    public List<Channels.Channel> unfamiliar() {
        List<Channels.Channel> inputs = channels.inputs();
        return IntStream.range(0, inputs.size())
                .filter(c -> inputs.get(c).role() == Channels.Role.KNOWN_FUTURE && unfamiliar(c))
                .mapToObj(inputs::get)
                .toList();
    }

    private boolean unfamiliar(int channel) {
        double[] seen = observed(channel, Series::train);
        double[] met = observed(channel, Series::validation);
        if (seen.length == 0) return true;
        double mean = Arrays.stream(seen).average().getAsDouble();
        double margin = Math.sqrt(Arrays.stream(seen).map(x -> (x - mean) * (x - mean)).average().getAsDouble());
        double least = seen[seen.length / 100] - margin;
        double most = seen[seen.length - 1 - seen.length / 100] + margin;
        return Arrays.stream(met).filter(value -> value < least || value > most).count() > met.length / 2;
    }

    /** The values of a channel in some rows, in ascending order. */
    private double[] observed(int channel, RowsOf rows) {
        return series.stream()
                .flatMapToDouble(one -> IntStream.range(rows.of(one).from(), rows.of(one).to())
                        .mapToDouble(t -> one.values[channel][t]))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
    }

    /** The same with some input channels ignored. */
    public FineTuningData without(List<Channels.Channel> ignored) {
        List<Channels.Channel> inputs = channels.inputs();
        int[] left = IntStream.range(0, inputs.size()).filter(c -> !ignored.contains(inputs.get(c))).toArray();
        Channels others = new Channels(channels.all()
                .stream()
                .map(channel -> ignored.contains(channel) ? Channels.Channel.ignored(channel.name()) : channel)
                .toList());
        List<Series> selected = series.stream()
                .map(one -> new Series(Arrays.stream(left).mapToObj(c -> one.values[c]).toArray(double[][]::new),
                        one.categories, one.train, one.validation))
                .toList();
        return new FineTuningData(others, selected, frequency);
    }

    /** A series as the model sees it: (x − mean) / deviation, in new arrays. */
    float[][] standardised(int index) {
        return channels.standardization().apply(series.get(index).values);
    }

    /** The token of the frequency for models with a resolution prefix. */
    Resolution resolution() {
        return Resolution.of(frequency.orElse(null));
    }

    /** The same at a frequency; null when it is unknown. */
    public FineTuningData withFrequency(TemporalAmount step) {
        return new FineTuningData(channels, series, Optional.ofNullable(step));
    }
}
