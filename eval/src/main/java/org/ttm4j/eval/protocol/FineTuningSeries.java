package org.ttm4j.eval.protocol;

import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelChoice;
import org.ttm4j.ttm.BundledModels;
import org.ttm4j.ttm.series.Rows;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels.Role;
import org.ttm4j.ttm.train.Channels;
import org.ttm4j.ttm.train.FineTuningData;

/**
 * Series to fine-tune a model on. Immutable.
 *
 * @param series at least one, with the channels in the order of the inputs of the model
 * @param roles of these channels
 * @param codes of the static categories of a series; of none where the roles have none
 */
public record FineTuningSeries(List<TimeSeries> series, Channels roles, Function<TimeSeries, int[]> codes) {
    private static final int MOST_NAMED = 5;

    /** Series of which every channel is forecast. */
    public static FineTuningSeries ofTargets(List<TimeSeries> series) {
        return new FineTuningSeries(series,
                new Channels(
                        series.get(0).channels().stream().map(name -> Channel.of(name, Role.TARGET, 0, 1)).toList()),
                one -> new int[0]);
    }

    public List<FineTuningSeries> each() {
        return series.stream().map(one -> new FineTuningSeries(List.of(one), roles, codes)).toList();
    }

    /**
     * The bundled model with the longest context whose windows fit into the training, validation and test rows of more
     * than half as many series as those of any other. If a model makes the horizon in one pass, only such models count.
     *
     * @param horizon 0 for the model's own
     * @param say takes why it is not the one with the longest context
     */
    public String suiting(Split.Rule rule, int horizon, Consumer<String> say) {
        List<ModelChoice> models = forWindows(Forecaster.bundled());
        int longest = models.stream().mapToInt(model -> model.config().outputLength()).max().orElseThrow();
        int[] fitting = models.stream()
                .mapToInt(model -> model.config().outputLength() < Math.min(horizon, longest)
                        ? 0
                        : fitting(rule, model.config().contextLength(),
                                horizon == 0 ? model.config().outputLength() : horizon))
                .toArray();
        int most = IntStream.of(fitting).max().orElse(0);
        // Where none fits, the shortest, so that the error names the fewest rows.
        int chosen = most == 0 ? fitting.length - 1 : 0;
        while (most > 0 && 2 * fitting[chosen] <= most) chosen++;
        if (most > 0 && chosen > 0) {
            say.accept(String.format(Locale.ROOT,
                    "note: model %s: windows of %d steps fit into %d of %d series, those of %d steps into %d",
                    models.get(chosen).name(), models.get(chosen).config().contextLength(), fitting[chosen],
                    series.size(), models.get(0).config().contextLength(), fitting[0]));
        }
        return models.get(chosen).name();
    }

    /** The models that evaluation and fine-tuning size their windows by: of several, those up to the default. */
    public static List<ModelChoice> forWindows(Forecaster forecaster) {
        List<ModelChoice> models = forecaster.info().models();
        return models.stream()
                .dropWhile(model -> models.size() > 1 && !model.name().equals(BundledModels.DEFAULT))
                .toList();
    }

    /**
     * The rows to train and to validate on, standardised by training rows, with the frequency that all series have. Series
     * that are too short are left out, which is said once.
     *
     * @param fraction the share of the training windows to use, from the first on
     * @param say takes what there is to know
     */
    public FineTuningData data(Split.Rule rule, double fraction, int context, int horizon, Consumer<String> say) {
        List<FineTuningData.Series> parts = new ArrayList<>();
        List<double[][]> values = new ArrayList<>();
        List<Rows> training = new ArrayList<>();
        Set<Optional<TemporalAmount>> frequencies = new HashSet<>();
        List<String> tooShort = new ArrayList<>();
        IllegalArgumentException first = null;
        for (TimeSeries one : series) {
            try {
                Split split = rule.split(one.length(), context, horizon);
                parts.add(new FineTuningData.Series(one.doubleValues(), codes.apply(one),
                        split.fewShot(fraction, context), split.validation()));
                values.add(one.doubleValues());
                training.add(split.train());
                frequencies.add(one.axis().frequency().toTemporalAmount());
            } catch (IllegalArgumentException e) {
                if (first == null) first = e;
                if (one.id() != null) tooShort.add(Printable.quoted(one.id()));
            }
        }
        if (parts.isEmpty()) throw first;
        int longest = training.stream().mapToInt(Rows::length).max().orElseThrow();
        if (parts.stream().allMatch(part -> part.train().length() < context + horizon)) {
            double least = Math.min(1, (Math.floor(1000.0 * horizon / (longest - context)) + 1) / 1000);
            throw new IllegalArgumentException("--fraction " + fraction + ": too few training rows for one window of "
                    + context + " + " + horizon + " rows; expected at least " + least);
        }
        if (!tooShort.isEmpty()) say.accept("ttm: " + leftOut(tooShort) + first.getMessage());
        FineTuningData data = new FineTuningData(FineTuningData.standardising(roles, values, training), parts)
                .withFrequency(frequencies.size() > 1 ? null : frequencies.iterator().next().orElse(null));
        if (frequencies.size() > 1) say.accept("note: series of several frequencies are trained on as of none");
        List<Channel> unfamiliar = data.unfamiliar();
        for (Channel channel : unfamiliar) {
            say.accept("note: " + Printable.quoted(channel.name()) + " (--known-future) is left out: most of its "
                    + "validation values are beyond those of the training rows");
        }
        return unfamiliar.isEmpty() ? data : data.without(unfamiliar);
    }

    /** Series that are left out for the same reason, which follows, named once. */
    private static String leftOut(List<String> series) {
        if (series.size() == 1) return "series " + series.get(0) + " is left out: ";
        String named = String.join(", ", series.subList(0, Math.min(MOST_NAMED, series.size())));
        return series.size() + " series are left out (" + named + (series.size() > MOST_NAMED ? ", …" : "") + "): ";
    }

    /** How many series can be split so that each part holds a window. */
    private int fitting(Split.Rule rule, int context, int horizon) {
        return (int) series.stream().filter(one -> rule.fits(one.length(), context, horizon)).count();
    }
}
