package org.ttm4j.forecast;

import java.time.Duration;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.ttm.run.ForecastRun;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.series.Precision;
import org.ttm4j.ttm.series.Rows;

/**
 * A forecast in original units, with a record of how it was made. Immutable: arrays are copied. Nothing is null: parts
 * that a forecast may lack are Optional.
 */
public final class Forecast {
    /** The tolerated relative difference between the sum of the components and the forecast. */
    private static final double ROUNDING = 1e-9;

    private final int[] channels;
    private final double[][] doubles;
    private final List<Temporal> times;
    private final List<ModelChoice> models;
    private final Quantiles quantiles;
    private final Made made;
    private final List<Note> notes;
    private final Combined combined;

    /** Facts about how the forecast was made. */
    private record Made(int history, int paddedSteps, int[] missing, int passes, ValueRange range, float[][] embeddings,
            Duration step) {}

    /** The parts that only a combination has; empty lists and nulls for a forecast of one model. */
    private record Combined(List<Map<String, Double>> weights, List<List<RollingForecast>> crossValidation,
            List<Map<String, double[]>> components, List<DriverEffect> effects, double[][] mean, double[][][] samples) {
        static final Combined NONE = new Combined(List.of(), List.of(), List.of(), List.of(), null, null);
    }

    private Forecast(int[] channels, double[][] doubles, List<Temporal> times, List<ModelChoice> models,
            Quantiles quantiles, Made made, List<Note> notes, Combined combined) {
        this.channels = channels;
        this.doubles = doubles;
        this.times = times;
        this.models = models;
        this.quantiles = quantiles;
        this.made = made;
        this.notes = notes;
        this.combined = combined;
    }

    /**
     * A forecast that another forecaster than those of this library has made.
     *
     * @param request what was forecast: gives the times
     * @param channels the input channel of each row of {@code values}
     * @param values forecast channels × horizon, all finite as floats
     * @throws IllegalArgumentException when rows and channels are not as many, a channel is not of the history, rows are
     *     missing or differ in length, there is no step, a value is not finite, or a time is beyond the calendar's
     */
    public static Forecast of(ForecastRequest request, int[] channels, double[][] values) {
        RunRules.requireGiven("request", request);
        RunRules.requireGiven("channels", channels);
        RunRules.requireGiven("values", values);
        for (int i = 0; i < values.length; i++) requireFinite(values, i);
        for (int channel : channels) {
            if (channel >= 0 && channel < request.rows().length) continue;
            throw new IllegalArgumentException(
                    "channel " + channel + " of the forecast: the history has " + request.rows().length);
        }
        return of(request, channels.clone(), Rows.copy(values), new int[request.rows().length]);
    }

    /** A forecast of a combination, which does not copy the values. */
    static Forecast of(ForecastRequest request, int[] channels, double[][] values, int[] missing) {
        return of(request, channels, values,
                new Made(request.steps(), 0, missing, 1, request.range(), new float[0][], request.stepLength()),
                new ArrayList<>());
    }

    private static void requireFinite(double[][] values, int row) {
        RunRules.requireGiven("values[" + row + "]", values[row]);
        if (values[row].length != values[0].length) {
            throw new IllegalArgumentException(
                    "values[" + row + "] has " + values[row].length + " steps where values[0] has " + values[0].length);
        }
        for (int t = 0; t < values[row].length; t++) {
            if (Float.isFinite((float) values[row][t])) continue;
            throw new IllegalArgumentException(
                    "values[" + row + "][" + t + "] is " + values[row][t] + ": expected a finite float");
        }
    }

    static Forecast of(ForecastRequest request, ForecastRun run) {
        List<Note> notes = new ArrayList<>();
        run.notes((kind, channel, text) -> notes.add(new Note(NoteCode.valueOf(kind.name()), channel, text)));
        return of(request, run.channels(), run.result(), new Made(request.steps(), run.paddedSteps(), run.missing(),
                run.passes(), request.range(), run.embeddings(), request.stepLength()), notes);
    }

    private static Forecast of(ForecastRequest request, int[] channels, double[][] values, Made made,
            List<Note> notes) {
        if (channels.length != values.length || channels.length == 0 || values[0].length == 0) {
            throw new IllegalArgumentException(values.length + " rows of values for " + channels.length
                    + " channels: expected as many, at least 1, and a step or more");
        }
        List<Temporal> times = new ArrayList<>();
        boolean timed = request.start().isPresent() && request.frequency().isPresent();
        for (int t = 0; timed && t < values[0].length; t++) {
            times.add(request.timeOf(request.rows()[0].length + t));
        }
        return new Forecast(channels, made.range.nearest(values, channels), List.copyOf(times), List.of(), null, made,
                notes, Combined.NONE);
    }

    /** The same forecast with the {@link #models()} that made it. */
    public Forecast withModels(List<ModelChoice> of) {
        RunRules.requireGiven("models", of);
        return new Forecast(channels, doubles, times, List.copyOf(of), quantiles, made, notes, combined);
    }

    /** The same forecast by one of several models, with a note that says why it was chosen. */
    Forecast withChoice(ModelChoice of) {
        List<Note> more = new ArrayList<>(notes);
        more.add(0, new Note(NoteCode.MODEL, Note.ALL, "model " + of.name() + ": " + of.reason()));
        return new Forecast(channels, doubles, times, List.of(of), quantiles, made, more, combined);
    }

    /**
     * The same forecast with these quantiles, brought to the values that its request allows.
     *
     * @throws IllegalArgumentException when they are of other channels or steps
     */
    public Forecast withQuantiles(Quantiles of) {
        RunRules.requireGiven("quantiles", of);
        for (double[][] level : of.doubleValues()) requireShape("quantiles", level);
        return new Forecast(channels, doubles, times, models, allowed(of, channels), made, notes, combined);
    }

    private void requireShape(String name, double[][] rows) {
        boolean fits = rows.length == channels.length
                && Arrays.stream(rows).allMatch(row -> row != null && row.length == horizon());
        if (fits) return;
        throw new IllegalArgumentException(name + " of " + rows.length + " channels × "
                + (rows.length == 0 || rows[0] == null ? 0 : rows[0].length) + " steps: the forecast has "
                + channels.length + " × " + horizon());
    }

    private Quantiles allowed(Quantiles of, int... channelOfRow) {
        return new Quantiles(of.levels(),
                Arrays.stream(of.doubleValues())
                        .map(rows -> made.range.nearest(rows, channelOfRow))
                        .toArray(double[][][]::new),
                of.windows());
    }

    /** The same forecast with the embeddings of another of the same history. */
    Forecast withEmbeddings(Forecast of) {
        Made more = new Made(made.history, made.paddedSteps, made.missing, made.passes, made.range, of.made.embeddings,
                made.step);
        return new Forecast(channels, doubles, times, models, quantiles, more, notes, combined);
    }

    /** The same forecast without quantiles. */
    public Forecast withoutQuantiles() {
        return new Forecast(channels, doubles, times, models, null, made, notes, combined);
    }

    /** The same forecast with another note. */
    public Forecast withNote(NoteCode code, String text) {
        return withNotes(List.of(new Note(code, Note.ALL, text)));
    }

    /** The same forecast with more notes. */
    public Forecast withNotes(List<Note> of) {
        RunRules.requireGiven("notes", of);
        List<Note> more = new ArrayList<>(notes);
        more.addAll(of);
        return new Forecast(channels, doubles, times, models, quantiles, made, more, combined);
    }

    private Forecast with(Combined of) {
        return new Forecast(channels, doubles, times, models, quantiles, made, notes, of);
    }

    /**
     * The same forecast with the {@link #weights()} of what was combined.
     *
     * @throws IllegalArgumentException unless there are those of each channel, or none
     */
    public Forecast withWeights(List<Map<String, Double>> ofMembers) {
        RunRules.requireGiven("weights", ofMembers);
        if (!ofMembers.isEmpty()) requireEach("weights", ofMembers);
        List<Map<String, Double>> kept = ofMembers.stream()
                .map(weights -> Collections.unmodifiableMap(new LinkedHashMap<>(weights)))
                .toList();
        return with(new Combined(kept, combined.crossValidation, combined.components, combined.effects, combined.mean,
                combined.samples));
    }

    /**
     * The same forecast with its {@link #crossValidation()}, brought to the values that its request allows.
     *
     * @throws IllegalArgumentException unless there is one of each channel
     */
    public Forecast withCrossValidation(List<List<RollingForecast>> of) {
        requireEach("crossValidation", of);
        List<List<RollingForecast>> allowed = IntStream.range(0, of.size())
                .mapToObj(row -> of.get(row).stream().map(past -> allowed(past, channels[row])).toList())
                .toList();
        return with(new Combined(combined.weights, allowed, combined.components, combined.effects, combined.mean,
                combined.samples));
    }

    /** Throws IllegalArgumentException unless there is one for each channel. */
    private void requireEach(String name, List<?> of) {
        RunRules.requireGiven(name, of);
        RunRules.requireRows(name, of.toArray());
        if (of.size() == channels.length) return;
        throw new IllegalArgumentException(
                name + " of " + of.size() + " channels: the forecast has " + channels.length);
    }

    private RollingForecast allowed(RollingForecast past, int channel) {
        return new RollingForecast(past.origin(), made.range.nearest(past.doubleValues(), channel), past.context(),
                past.model(), past.quantiles() == null ? null : allowed(past.quantiles(), channel));
    }

    /**
     * The same forecast with its {@link #mean}, which is not rounded, and its {@link #samples}, brought to the values that
     * its request allows.
     *
     * @param mean forecast channels × horizon
     * @param samples forecast channels × samples × horizon; null without
     */
    public Forecast withMean(double[][] mean, double[][][] samples) {
        RunRules.requireGiven("mean", mean);
        requireShape("mean", mean);
        if (samples != null) RunRules.requireRows("samples", samples);
        if (samples != null && (samples.length != channels.length || Arrays.stream(samples)
                .flatMap(Arrays::stream)
                .anyMatch(path -> path == null || path.length != horizon()))) {
            throw new IllegalArgumentException(
                    "samples: expected paths of " + channels.length + " channels × " + horizon() + " steps");
        }
        double[][][] allowed = samples == null ? null : new double[samples.length][][];
        for (int row = 0; samples != null && row < samples.length; row++) {
            allowed[row] = Rows.copy(made.range.nearest(samples[row], channels[row]));
        }
        return with(new Combined(combined.weights, combined.crossValidation, combined.components, combined.effects,
                Rows.copy(mean), allowed));
    }

    /**
     * The same forecast with its {@link #components()}, to which what is left of the forecast is added, and its
     * {@link #driverEffects()}.
     *
     * @param of for each forecast channel, by name; none where they are not wanted
     */
    Forecast withParts(List<Map<String, double[]>> of, List<DriverEffect> effects) {
        List<Map<String, double[]>> whole = new ArrayList<>();
        for (int c = 0; c < of.size(); c++) {
            Map<String, double[]> parts = new LinkedHashMap<>(of.get(c));
            double[] rest = doubles[c].clone();
            double largest = Arrays.stream(rest).map(Math::abs).max().orElse(0);
            for (double[] part : parts.values()) for (int h = 0; h < rest.length; h++) rest[h] -= part[h];
            if (Arrays.stream(rest).anyMatch(left -> Math.abs(left) > ROUNDING * largest)) parts.put("limits", rest);
            whole.add(parts);
        }
        return with(new Combined(combined.weights, combined.crossValidation, List.copyOf(whole), List.copyOf(effects),
                combined.mean, combined.samples));
    }

    /** Forecast channels × horizon, a copy, all finite. */
    public float[][] values() {
        return Precision.floats(doubles);
    }

    /** One of these values, as exact as {@link #doubleValues()}. */
    public double value(int row, int step) {
        return doubles[row][step];
    }

    /** The same as doubles: exact where the history was given as doubles. */
    public double[][] doubleValues() {
        return Rows.copy(doubles);
    }

    /** The input channel of each row of {@link #values()}. */
    public int[] channels() {
        return channels.clone();
    }

    /** Steps forecast. */
    public int horizon() {
        return doubles[0].length;
    }

    /** The length of a step; null where it is not known. */
    Duration stepLength() {
        return made.step;
    }

    /** The time of each step; empty where the request has no start or no frequency. */
    public Optional<List<Temporal>> times() {
        return times.isEmpty() ? Optional.empty() : Optional.of(times);
    }

    /**
     * The models that made it, with the hash of their weights: first the one for this request, then those that a combination
     * asked besides, for shorter histories; empty for a forecast of another forecaster than those of this library.
     */
    public List<ModelChoice> models() {
        return models;
    }

    /** The context length of the model for this request; the whole history for a forecast of another forecaster. */
    public int context() {
        return models.isEmpty() ? made.history : models.get(0).config().contextLength();
    }

    /** The name of the model, where one of several was chosen and makes the forecast alone; null otherwise. */
    String chosen() {
        return notes.stream().anyMatch(note -> note.code() == NoteCode.MODEL) ? models.get(0).name() : null;
    }

    /**
     * For each forecast channel, the members of the combination that made it and their weights, the largest first; empty
     * for a forecast of one model.
     */
    public List<Map<String, Double>> weights() {
        return combined.weights;
    }

    /**
     * For each forecast channel, the combination's forecasts from earlier origins of the history, the latest first, each of
     * one channel and with quantiles; the weights of the members and the quantiles, also of intermittent demand, are those that
     * the errors at the other origins give. They have as many steps as the forecast, and those that are missing at the end of
     * the history besides, or fewer where the history is short. Empty for a forecast of one model, and where the request did
     * not {@linkplain ForecastRequest#withCrossValidation ask}.
     */
    public List<List<RollingForecast>> crossValidation() {
        return combined.crossValidation;
    }

    /**
     * For each forecast channel, what contributes to the forecast of each step, by name; the contributions add up to the
     * forecast. Empty for a forecast of one model, and where the request did not {@linkplain ForecastRequest#withComponents
     * ask}. The names:
     * <ul>
     * <li>{@code level}: the mean of the last values, less their season;
     * <li>{@code trend}: what the forecast rises or falls from there on a straight line;
     * <li>{@code season.week} and the like: the history's mean course of that season, as far as the forecast follows it;
     * <li>{@code season.month}: also what comes on one day of every month;
     * <li>{@code member.} with the name of a member: its weight times what it forecasts beyond the above, and
     *     {@code member.others} of all those of little weight;
     * <li>{@code driver.} with the number of a channel of the history: what its known future adds;
     * <li>{@code limits}: what the least value, the upper bound and rounding add.
     * </ul>
     */
    public List<Map<String, double[]>> components() {
        return combined.components.stream().map(parts -> {
            Map<String, double[]> copy = new LinkedHashMap<>();
            parts.forEach((name, part) -> copy.put(name, part.clone()));
            return copy;
        }).toList();
    }

    /** The effects of drivers in this forecast, by channel and driver, then by category of a driver. */
    public List<DriverEffect> driverEffects() {
        return combined.effects;
    }

    /** Quantiles of the same channels and steps, where there are any. */
    public Optional<Quantiles> quantiles() {
        return Optional.ofNullable(quantiles);
    }

    /**
     * The mean of what may come at each step, forecast channels × horizon, where {@link #values} are the medians: what sums
     * and averages of many steps or series are made of. It is larger than the median where large values are rarer than small
     * ones, as in sparse demand and in growth by factors. Empty for a forecast of one model.
     */
    public Optional<double[][]> mean() {
        return Optional.ofNullable(combined.mean).map(Rows::copy);
    }

    /** One of these means; NaN where there are none. */
    public double mean(int row, int step) {
        return combined.mean == null ? Double.NaN : combined.mean[row][step];
    }

    /**
     * Paths that may come, forecast channels × samples × horizon, all equally likely, as the request
     * {@linkplain ForecastRequest#withSamples asked}. In a path, steps and channels depend on each other as the errors
     * of the {@link #crossValidation} do, or the values of sparse demand there, so that the quantiles of sums, maxima or first
     * passages are those of the paths. At each step, paths are spread as the quantiles are, but for skewed series, where they
     * are nearer to the past, and sparse demand, where the forecast may lie above the median of the paths; their mean is
     * {@link #mean}. The same request gives the same paths. Empty for a forecast of one model, and where the request did not ask.
     */
    public Optional<double[][][]> samples() {
        return Optional.ofNullable(combined.samples)
                .map(all -> Arrays.stream(all).map(Rows::copy).toArray(double[][][]::new));
    }

    /**
     * The quantiles of a level, forecast channels × horizon, as exact as {@link #doubleValues()}.
     *
     * @throws IllegalArgumentException naming the levels that there are when this is none of them
     */
    public double[][] doubleQuantile(double level) {
        int index = quantiles == null ? -1 : Arrays.binarySearch(quantiles.levels(), level);
        if (index >= 0) return quantiles.doublesAt(level);
        throw new IllegalArgumentException("no quantile of level " + level + ": this forecast has "
                + (quantiles == null ? "no quantiles" : "levels " + Arrays.toString(quantiles.levels())));
    }

    /** The same as float32, made at each call: of values about 1e9 they come in steps of 64. */
    public float[][] quantile(double level) {
        return Precision.floats(doubleQuantile(level));
    }

    /**
     * What the model made of the history of a row of {@link #values()} before it forecast it: the mean over all patches of
     * the last hidden state of its backbone. Histories of the same shape are near each other, whatever their level and
     * unit, so that distances between embeddings find similar series. Only those of one model, the first of
     * {@link #models()}, can be compared.
     *
     * @return a copy, of the length {@code d_model} of the model, such as 192
     * @throws IllegalArgumentException where the request did not {@linkplain ForecastRequest#withEmbedding ask}, or there
     *     is no such row
     */
    public float[] embedding(int row) {
        if (row >= 0 && row < made.embeddings.length) return made.embeddings[row].clone();
        throw new IllegalArgumentException("no embedding of row " + row + ": this forecast has "
                + made.embeddings.length + ", as many as its rows if the request asks by withEmbedding()");
    }

    /**
     * The number of steps by which the history was shorter than the model's context; they were filled with the earliest
     * value and marked as unobserved. 0 for a combination, whose members use the history as it is.
     */
    public int paddedSteps() {
        return made.paddedSteps;
    }

    /** For each input channel, how many of the steps that were looked at were NaN and were filled. */
    public int[] missing() {
        return made.missing.clone();
    }

    /**
     * How often the model ran: more than once when the horizon is longer than it makes in one pass, each further pass
     * reading the forecast of the one before. 1 of a combination.
     */
    public int passes() {
        return made.passes;
    }

    /** Notes for readers of the forecast, with codes for programs; may be empty. */
    public List<Note> codedNotes() {
        List<Note> all = new ArrayList<>(notes);
        if (quantiles != null && quantiles.windows() > 0) {
            all.add(new Note(NoteCode.QUANTILE_WINDOWS, Note.ALL,
                    "the quantiles rest on " + (quantiles.windows() == 1
                            ? "1 earlier forecast and what came of it"
                            : quantiles.windows() + " earlier forecasts and what came of them") + outside()));
        }
        return all;
    }

    /** A note on forecast values outside the outermost quantiles, which biased earlier errors can cause; may be empty. */
    private String outside() {
        double[] levels = quantiles.levels();
        int last = levels.length - 1;
        int outside = 0;
        for (int c = 0; c < doubles.length && levels[0] < 0.5 && levels[last] > 0.5; c++) {
            for (int h = 0; h < horizon(); h++) {
                float value = (float) doubles[c][h];
                if (value < (float) quantiles.value(0, c, h) || value > (float) quantiles.value(last, c, h)) outside++;
            }
        }
        return outside == 0
                ? ""
                : "; " + outside + " of " + doubles.length * horizon()
                        + " values lie outside them, as those forecasts erred to one side, which need not go on";
    }

    /** The sentences of the notes; channels by their number. */
    public List<String> notes() {
        return notes(IntStream.range(0, made.missing.length).mapToObj(Integer::toString).toList());
    }

    /**
     * The same with names for the input channels.
     *
     * @throws IllegalArgumentException when a note is about a channel without a name
     */
    public List<String> notes(List<String> channelNames) {
        RunRules.requireGiven("channelNames", channelNames);
        return codedNotes().stream().map(note -> {
            String about = note.channel() == Note.ALL ? "" : "channel " + name(channelNames, note.channel()) + ": ";
            String of = note.target() == Note.ALL ? "" : " of channel " + name(channelNames, note.target());
            return about + note.text() + of;
        }).toList();
    }

    private static String name(List<String> channelNames, int channel) {
        if (channel < channelNames.size()) return channelNames.get(channel);
        throw new IllegalArgumentException(
                channelNames.size() + " channelNames: a note is about channel " + channel + ", counted from 0");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Forecast of && Arrays.equals(channels, of.channels)
                && Arrays.deepEquals(doubles, of.doubles) && times.equals(of.times) && models.equals(of.models)
                && Objects.equals(quantiles, of.quantiles) && codedNotes().equals(of.codedNotes());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(doubles);
    }

    /** Channels, steps, the ends of each channel's values, and the notes. */
    @Override
    public String toString() {
        int last = horizon() - 1;
        List<String> lines = new ArrayList<>();
        lines.add("forecast of " + channels.length + " channels × " + horizon() + " steps"
                + (times.isEmpty() ? "" : ", " + times.get(0) + " to " + times.get(last)));
        for (int i = 0; i < channels.length; i++) {
            lines.add("channel " + channels[i] + ": " + (float) doubles[i][0] + " … " + (float) doubles[i][last]);
        }
        lines.addAll(notes());
        return String.join("\n  ", lines);
    }
}
