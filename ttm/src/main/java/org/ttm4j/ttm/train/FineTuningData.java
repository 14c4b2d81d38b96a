package org.ttm4j.ttm.train;

import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.ttm.config.Resolution;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.series.Standardization;

/**
 * Series to fine-tune on, in original units, and the roles of their channels. The arrays are not copied and must not
 * change while they are in use.
 *
 * <pre>{@code
 * Channels roles = new Channels(List.of(
 *         Channel.of("load", Role.TARGET, 0, 1), Channel.of("holiday", Role.KNOWN_FUTURE, 0, 1)));
 * FineTuningData data = FineTuningData.chronological(roles, new float[][]{load, holiday}, 512, 0.7, 0.1, 1);
 * }</pre>
 *
 * @param channels the roles, with the means and deviations by which the values are standardised
 * @param series at least one
 * @param frequency the time between two steps, for models with a resolution prefix: a Duration, or a Period such as a
 *     month
 */
public record FineTuningData(Channels channels, List<Series> series, Optional<TemporalAmount> frequency) {

    /**
     * One series.
     *
     * @param values the channels' {@link Channels#inputs()} × time, NaN = missing
     * @param categories a value for each static category
     * @param train the rows of the training windows, including their contexts
     * @param validation the rows of the validation windows, including their contexts
     */
    public record Series(double[][] values, int[] categories, Rows train, Rows validation) {

        /** @throws IllegalArgumentException naming a component, or a channel of the values, that is null */
        public Series {
            requireGiven(values);
            TrainingPlan.require(categories != null, "categories", categories, "none, or one a static category");
            TrainingPlan.require(train != null && validation != null, "train, validation", train + ", " + validation,
                    "the rows of both");
        }

        /** As the canonical constructor, with float values. */
        public Series(float[][] values, int[] categories, Rows train, Rows validation) {
            this(Precision.doubles(requireGiven(values)), categories, train, validation);
        }
    }

    /** @throws IllegalArgumentException when values, categories or rows are inconsistent */
    public FineTuningData {
        TrainingPlan.require(channels != null, "channels", channels, "the roles of the series' channels");
        TrainingPlan.require(frequency != null, "frequency", frequency, "empty if it is unknown");
        TrainingPlan.require(series != null && series.stream().allMatch(Objects::nonNull), "series", series,
                "a list without null");
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
        }
        requireNoneInfinite(series.values, where);
    }

    private static void requireNoneInfinite(double[][] values, String where) {
        for (int c = 0; c < values.length; c++) {
            for (int t = 0; t < values[c].length; t++) {
                if (!Double.isInfinite(values[c][t])) continue;
                throw new IllegalArgumentException(
                        where + "values[" + c + "][" + t + "] is infinite; missing values are NaN");
            }
        }
    }

    /**
     * One series, split in time: the first rows are for training, the next for validation, the rest for tests. The
     * validation rows include the context before them. Channels are standardised by all training rows.
     *
     * @param roles the roles of the channels; their means and deviations are replaced
     * @param context the context length L of the model
     * @param train the share of the training rows, such as 0.7
     * @param validation the share of the validation rows, such as 0.1
     * @param fraction less than 1 for few-shot training, which uses int(fraction · (T − L)) + L of the T training rows
     * @throws IllegalArgumentException when shares or fraction are out of range, there are fewer training rows than a
     *     context, or the values do not fit the roles, differ in length or are infinite
     */
    public static FineTuningData chronological(Channels roles, double[][] values, int context, double train,
            double validation, double fraction) {
        boolean shares = train > 0 && validation > 0 && train + validation <= 1 && fraction > 0 && fraction <= 1;
        if (!shares) {
            throw new IllegalArgumentException("shares " + train + " and " + validation + ", fraction " + fraction
                    + ": expected numbers above 0, the shares up to 1 together, the fraction up to 1");
        }
        TrainingPlan.require(context >= 1, "context", context, "that of the model");
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
        return chronological(roles, Precision.doubles(requireGiven(values)), context, train, validation, fraction);
    }

    private static <T> T[] requireGiven(T[] values) {
        TrainingPlan.require(values != null && Arrays.stream(values).allMatch(Objects::nonNull), "values",
                Arrays.toString(values), "channels × time, none null");
        return values;
    }

    private static void requireInputs(Channels roles, double[][] values) {
        TrainingPlan.require(roles != null, "roles", roles, "those of the channels");
        requireGiven(values);
        int inputs = roles.inputs().size();
        if (values.length == inputs) return;
        throw new IllegalArgumentException(
                values.length + " channels; expected " + inputs + ", the inputs of the roles");
    }

    /**
     * The channels with the {@linkplain Standardization#fit(List, List) means and deviations} of the given rows of all
     * series together.
     *
     * @param values for each series, inputs × time
     * @param rows for each series
     * @throws IllegalArgumentException when a series has another number of channels than there are inputs, or an
     *     infinite value
     */
    public static Channels standardising(Channels roles, List<double[][]> values, List<Rows> rows) {
        for (int s = 0; s < values.size(); s++) {
            requireInputs(roles, values.get(s));
            requireNoneInfinite(values.get(s), "series " + s + ": ");
        }
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
     * The channels with known future whose validation values are mostly outside the range of the training values, such
     * as the number of the year. The model cannot learn to use such values. A value is outside if it is more than one
     * standard deviation below the 1 % quantile or above the 99 % quantile of the training values; a channel is
     * returned if this holds for more than half of its validation values.
     */
    public List<Channels.Channel> unfamiliar() {
        List<Channels.Channel> inputs = channels.inputs();
        return IntStream.range(0, inputs.size())
                .filter(c -> inputs.get(c).role() == Channels.Role.KNOWN_FUTURE && unfamiliar(c))
                .mapToObj(inputs::get)
                .toList();
    }

    private boolean unfamiliar(int channel) {
        double[] trained = observed(channel, Series::train);
        double[] validated = observed(channel,
                one -> new Rows(Math.clamp(one.train.to(), one.validation.from(), one.validation.to()),
                        one.validation.to()));
        if (trained.length == 0) return true;
        double mean = Arrays.stream(trained).average().getAsDouble();
        double margin = Math.sqrt(Arrays.stream(trained).map(x -> (x - mean) * (x - mean)).average().getAsDouble());
        double least = trained[trained.length / 100] - margin;
        double most = trained[trained.length - 1 - trained.length / 100] + margin;
        return Arrays.stream(validated).filter(value -> value < least || value > most).count() > validated.length / 2;
    }

    /** The observed values of a channel in the given rows, in ascending order. */
    private double[] observed(int channel, Function<Series, Rows> rows) {
        return series.stream()
                .flatMapToDouble(one -> IntStream.range(rows.apply(one).from(), rows.apply(one).to())
                        .mapToDouble(t -> one.values[channel][t]))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
    }

    /** This data with the input channels of these names ignored. */
    public FineTuningData without(List<Channels.Channel> ignored) {
        Set<String> names = ignored.stream().map(Channels.Channel::name).collect(Collectors.toSet());
        List<Channels.Channel> inputs = channels.inputs();
        int[] left = IntStream.range(0, inputs.size()).filter(c -> !names.contains(inputs.get(c).name())).toArray();
        Channels others = new Channels(channels.all()
                .stream()
                .map(channel -> names.contains(channel.name()) ? Channels.Channel.ignored(channel.name()) : channel)
                .toList());
        List<Series> selected = series.stream()
                .map(one -> new Series(Arrays.stream(left).mapToObj(c -> one.values[c]).toArray(double[][]::new),
                        one.categories, one.train, one.validation))
                .toList();
        return new FineTuningData(others, selected, frequency);
    }

    /**
     * This data with the targets of each of several series brought to the mean and deviation of all, or the loss would be that of
     * the largest series. What a model forecasts of a series does not depend on its level and scale.
     */
    FineTuningData balanced() {
        if (series.size() == 1) return this;
        return new FineTuningData(channels, series.stream().map(this::balanced).toList(), frequency);
    }

    private Series balanced(Series one) {
        Standardization all = channels.standardization();
        Standardization own = Standardization.fit(one.values, one.train);
        double[][] values = one.values.clone();
        for (int c = 0; c < values.length; c++) {
            int channel = c;
            boolean isConstant = Arrays.stream(values[c], one.train.from(), one.train.to())
                    .filter(x -> !Double.isNaN(x))
                    .distinct()
                    .limit(2)
                    .count() < 2;
            if (isConstant || channels.inputs().get(c).role() != Channels.Role.TARGET) continue;
            values[c] = Arrays.stream(values[c]).map(x -> all.invert(channel, own.apply(channel, x))).toArray();
        }
        return new Series(values, one.categories, one.train, one.validation);
    }

    /** The resolution of the frequency, for models with a resolution prefix. */
    Resolution resolution() {
        return Resolution.of(frequency.orElse(null));
    }

    /** This data with a frequency; null if it is unknown. */
    public FineTuningData withFrequency(TemporalAmount step) {
        return new FineTuningData(channels, series, Optional.ofNullable(step));
    }
}
