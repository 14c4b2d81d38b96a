package org.ttm4j.forecast.hierarchy;

import static org.ttm4j.ttm.run.RunRules.requireGiven;
import static org.ttm4j.ttm.run.RunRules.requireRows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.Note;
import org.ttm4j.forecast.NoteCode;
import org.ttm4j.forecast.interval.Quantiles;
import org.ttm4j.forecast.rolling.RollingForecast;
import org.ttm4j.ttm.series.Gaps;

/**
 * Series that add up, level by level, such as the items of stores: a total, a sum for each value of the first key, for each pair
 * of values of the first two, and so on; the bottom series are those of all keys. Immutable and thread-safe.
 *
 * <pre>{@code
 * Hierarchy hierarchy = Hierarchy.of(List.of("store", "item"), List.of(List.of("A", "3"), List.of("B", "3")));
 * Forecast forecast = hierarchy.forecast(Forecaster.bundled(), ForecastRequest.of(new double[][]{a3, b3}), Execution.ALONE);
 * hierarchy.names(); // total, store=A, store=B, store=A,item=3, store=B,item=3: the channels of the forecast
 * }</pre>
 */
public final class Hierarchy {
    /** The fewest sample paths that quantiles rest on. */
    public static final int SAMPLES = 200;
    /** Keys at most: each adds a level of sums, whose names grow with it. */
    public static final int MOST_KEYS = 8;

    private static final String TOTAL = "total";
    /** The ratio of total median to total mean below which demand is too sparse for medians to be useful. */
    private static final double SPARSE = 0.5;
    private static final int FEWEST_ORIGINS = 2;
    private static final String BY_ERRORS = "all levels are forecast and reconciled by the errors of earlier forecasts "
            + "(MinT, without covariances)";
    private static final String BOTTOM_UP = "the sums are those of the bottom series, as too few earlier forecasts could be "
            + "measured to reconcile levels";

    private final List<String> names;
    /** The bottom series of each sum, as indices of nodes. */
    private final int[][] parts;

    private Hierarchy(List<String> names, int[][] parts) {
        this.names = List.copyOf(names);
        this.parts = parts;
    }

    /**
     * The hierarchy of some bottom series.
     *
     * @param keys from the top on, at least one and at most {@link #MOST_KEYS}
     * @param bottom for each bottom series, its value of each key
     * @throws IllegalArgumentException when there is no key or series, there are too many keys or two equal ones, values and
     *     keys are not as many, two series have the same values, or anything is null
     */
    public static Hierarchy of(List<String> keys, List<List<String>> bottom) {
        requireGiven("keys", keys);
        requireGiven("bottom", bottom);
        if (keys.isEmpty() || bottom.isEmpty()) {
            throw new IllegalArgumentException("a hierarchy of " + keys.size() + " keys and " + bottom.size()
                    + " series: expected one of each or more");
        }
        if (keys.size() > MOST_KEYS) {
            throw new IllegalArgumentException(
                    "a hierarchy of " + keys.size() + " keys: expected at most " + MOST_KEYS);
        }
        for (int k = 0; k < keys.size(); k++) {
            requireGiven("keys[" + k + "]", keys.get(k));
            if (keys.indexOf(keys.get(k)) < k) {
                throw new IllegalArgumentException("keys " + keys + ": expected each once");
            }
        }
        List<Map<String, List<Integer>>> levels = new ArrayList<>();
        for (int depth = 0; depth <= keys.size(); depth++) levels.add(new LinkedHashMap<>());
        for (int i = 0; i < bottom.size(); i++) {
            if (bottom.get(i) == null || bottom.get(i).size() != keys.size()
                    || bottom.get(i).stream().anyMatch(Objects::isNull)) {
                throw new IllegalArgumentException(
                        "series " + i + " has the values " + bottom.get(i) + ": expected one for each of " + keys);
            }
            for (int depth = 0; depth <= keys.size(); depth++) {
                levels.get(depth).computeIfAbsent(name(keys, bottom.get(i), depth), none -> new ArrayList<>()).add(i);
            }
        }
        levels.get(keys.size()).forEach((name, series) -> {
            if (series.size() == 1) return;
            throw new IllegalArgumentException(
                    "series " + series.get(0) + " and " + series.get(1) + " are both " + name);
        });
        List<String> names = levels.stream().flatMap(level -> level.keySet().stream()).toList();
        int sums = names.size() - bottom.size();
        int[][] parts = levels.stream()
                .limit(keys.size())
                .flatMap(level -> level.values().stream())
                .map(series -> series.stream().mapToInt(i -> sums + i).toArray())
                .toArray(int[][]::new);
        return new Hierarchy(names, parts);
    }

    private static String name(List<String> keys, List<String> values, int depth) {
        if (depth == 0) return TOTAL;
        return String.join(",", IntStream.range(0, depth).mapToObj(i -> keys.get(i) + "=" + values.get(i)).toList());
    }

    /** The names of the nodes: the total, the other sums level by level, and the bottom series as they were given. */
    public List<String> names() {
        return names;
    }

    /** The bottom series among the nodes, from 0, that a node is the sum of; of a bottom series itself. */
    public int[] bottomOf(int node) {
        return node < parts.length
                ? Arrays.stream(parts[node]).map(part -> part - parts.length).toArray()
                : new int[]{node - parts.length};
    }

    /**
     * The histories of all nodes. In a sum, a series is 0 before it begins, or if it never does, and interpolated where values
     * between are missing. One that ended longer before the others than the horizon is closed: it is 0 from there on, in the
     * sums and by itself. A sum is missing where one that is not closed has no value at the end, or all never begin.
     *
     * @param bottom series × time; NaN = missing
     */
    public double[][] histories(double[][] bottom, int horizon) {
        requireRows("bottom", bottom);
        if (bottom.length != names.size() - parts.length) {
            throw new IllegalArgumentException("a history of " + bottom.length
                    + " channels: expected one for each of the " + (names.size() - parts.length) + " bottom series");
        }
        double[][] histories = new double[names.size()][bottom[0].length];
        int[] ended = stepsBefore(bottom);
        for (int i = 0; i < bottom.length; i++) {
            if (bottom[i].length != bottom[0].length) {
                throw new IllegalArgumentException(
                        "channel " + i + " has " + bottom[i].length + " steps where channel 0 has " + bottom[0].length);
            }
            int node = parts.length + i;
            histories[node] = bottom[i].clone();
            if (ended[i] > horizon) {
                int missing = Gaps.atEnd(bottom[i]);
                Arrays.fill(histories[node], bottom[i].length - missing, bottom[i].length, 0);
            }
        }
        for (int a = 0; a < parts.length; a++) {
            // A step that no part observes is missing in the sum too.
            int[] seen = IntStream.of(parts[a])
                    .filter(part -> Gaps.atEnd(histories[part]) < histories[part].length)
                    .toArray();
            if (seen.length == 0) Arrays.fill(histories[a], Double.NaN);
            for (int part : seen) {
                double[] filled = filled(histories[part]);
                for (int t = 0; t < filled.length; t++) histories[a][t] += filled[t];
            }
        }
        return histories;
    }

    /** How many steps each series ended before the one that goes on for longest. */
    private static int[] stepsBefore(double[][] bottom) {
        int least = Arrays.stream(bottom).mapToInt(Gaps::atEnd).min().orElse(0);
        return Arrays.stream(bottom).mapToInt(series -> Gaps.atEnd(series) - least).toArray();
    }

    /** Gaps inside are filled linearly; those at the beginning are 0. */
    private static double[] filled(double[] history) {
        int end = history.length - Gaps.atEnd(history);
        double[] filled = Gaps.filled(history, end);
        for (int t = 0; t < end && Double.isNaN(history[t]); t++) filled[t] = 0;
        return filled;
    }

    /**
     * Forecasts all nodes by themselves, and {@linkplain #reconciled reconciles} them.
     *
     * @param bottom the histories of the bottom series, on one time axis, without a known future
     * @param execution threads to help, and a deadline
     * @throws IllegalArgumentException as {@link #request} and the forecaster do
     */
    public Forecast forecast(Forecaster forecaster, ForecastRequest bottom, Execution execution) {
        ForecastRequest request = request(forecaster, bottom);
        return reconciled(bottom, forecaster.forecastAll(List.of(request), execution).get(0).orElseThrow());
    }

    /**
     * The request of the forecast of all nodes that {@link #reconciled} takes.
     *
     * @param bottom the histories of the bottom series, on one time axis, without a known future
     * @throws IllegalArgumentException when there is not a history for each bottom series, it has a known future, a lower
     *     bound below 0, upper bounds or whole numbers, it asks for embeddings or components, or the forecaster is a model
     *     alone, which has no mean
     */
    public ForecastRequest request(Forecaster forecaster, ForecastRequest bottom) {
        requireGiven("forecaster", forecaster);
        requireGiven("bottom", bottom);
        if (bottom.knownFuture().isPresent()) {
            throw new IllegalArgumentException("knownFuture: a hierarchy is forecast without");
        }
        if (bottom.lower().orElse(0) < 0 || bottom.upper().length > 0 || bottom.counts()) {
            throw new IllegalArgumentException(
                    "a hierarchy is forecast without a lower bound below 0, upper bounds and "
                            + "whole numbers, which sums and their parts cannot keep together");
        }
        if (bottom.embedding() || bottom.components()) {
            throw new IllegalArgumentException(
                    "a hierarchy is forecast without embeddings and components, which are those of forecasts before they are "
                            + "reconciled");
        }
        if (!forecaster.info().combines()) {
            throw new IllegalArgumentException("a hierarchy needs the means of a combination: a model alone has none");
        }
        return nodes(bottom, forecaster.horizon(bottom));
    }

    private ForecastRequest nodes(ForecastRequest bottom, int horizon) {
        return bottom.withHistory(histories(bottom.history(), horizon))
                .withHorizon(horizon)
                .withSamples(Math.max(bottom.samples(), SAMPLES))
                .withCrossValidation();
    }

    /**
     * Reconciles the forecasts of all nodes: each sum is that of its parts, to rounding. What is reconciled are the medians,
     * or the means of demand so sparse that medians are less than half of these; the means are reconciled by themselves, and
     * quantiles are those of sample paths that are reconciled too. A note says how, and which series ended before the others.
     *
     * @param bottom the request that {@link #request} was given
     * @param base the forecast of what it returned
     * @return of all nodes, as channels in the order of {@link #names}, with {@link Forecast#samples}, {@link #SAMPLES} at least,
     *     and without {@link Forecast#crossValidation} and {@link Forecast#missing}, which are those of {@code base}
     */
    public Forecast reconciled(ForecastRequest bottom, Forecast base) {
        requireGiven("bottom", bottom);
        requireGiven("base", base);
        if (base.channels().length != names.size() || base.samples().isEmpty() || base.crossValidation().isEmpty()) {
            throw new IllegalArgumentException("base is not the forecast of what request() returned: expected "
                    + names.size() + " channels with sample paths and cross-validation");
        }
        int horizon = base.horizon();
        double[][] own = bottom.history();
        int reached = base.crossValidation()
                .stream()
                .flatMap(List::stream)
                .mapToInt(past -> past.origin() + past.doubleValues()[0].length)
                .max()
                .orElse(0);
        if (reached > own[0].length) {
            throw new IllegalArgumentException("bottom is not the request of base: " + own[0].length
                    + " steps, of which base was measured on the first " + reached);
        }
        ForecastRequest request = nodes(bottom, horizon);
        double[][] histories = request.history();
        boolean[] closed = closed(own, horizon);
        double[][][] samples = base.samples().orElseThrow();
        Errors errors = Errors.of(base.crossValidation(), histories, closed, samples);
        boolean isKnown = errors.origins >= FEWEST_ORIGINS && errors.rows.length >= FEWEST_ORIGINS;
        Reconciliation reconciliation = isKnown
                ? Reconciliation.byErrors(parts, names.size(), errors.rows)
                : Reconciliation.bottomUp(parts, names.size());
        double[] lower = lower(request);
        double[][] values = base.doubleValues();
        double[][] means = base.mean().orElseThrow();
        for (int node = 0; node < values.length; node++) {
            double medians = Arrays.stream(values[node]).sum();
            if (medians >= 0 && medians < SPARSE * Arrays.stream(means[node]).sum()) values[node] = means[node].clone();
        }
        for (int node = 0; node < closed.length; node++) {
            if (closed[node]) for (double[] path : samples[node]) Arrays.fill(path, 0);
        }
        reconcile(reconciliation, values, closed, lower);
        reconcile(reconciliation, means, closed, lower);
        for (int node = 0; node < parts.length; node++) order(samples, node);
        for (int path = 0; path < samples[0].length; path++) {
            double[][] one = new double[samples.length][];
            for (int node = 0; node < one.length; node++) one[node] = samples[node][path];
            reconcile(reconciliation, one, closed, lower);
        }
        double[] levels = base.quantiles().orElseThrow().levels();
        List<Note> notes = new ArrayList<>(base.codedNotes());
        notes.removeIf(note -> note.code() == NoteCode.MEMBERS || note.code() == NoteCode.QUANTILE_WINDOWS);
        notes.addAll(ended(own, horizon));
        return Forecast.of(request, base.channels(), values)
                .withModels(base.models())
                .withQuantiles(Quantiles.ofSamples(levels, samples, base.quantiles().get().windows()))
                .withWeights(base.weights())
                .withMean(means, samples)
                .withNotes(notes)
                .withNote(NoteCode.RECONCILED, isKnown ? BY_ERRORS : BOTTOM_UP);
    }

    /**
     * The forecast of one node, where each column of a table is a hierarchy of its own.
     *
     * @param columns a request whose channels are the columns: gives times
     * @param byColumn the {@linkplain #reconciled reconciled} forecast of each
     * @throws IllegalArgumentException without a forecast
     */
    public static Forecast ofNode(int node, ForecastRequest columns, List<Forecast> byColumn) {
        requireGiven("columns", columns);
        requireGiven("byColumn", byColumn);
        if (byColumn.isEmpty()) {
            throw new IllegalArgumentException("byColumn is empty: expected a forecast of each column");
        }
        double[][] values = byColumn.stream().map(of -> of.doubleValues()[node]).toArray(double[][]::new);
        double[][] means = byColumn.stream().map(of -> of.mean().orElseThrow()[node]).toArray(double[][]::new);
        double[][][] samples = byColumn.stream().map(of -> of.samples().orElseThrow()[node]).toArray(double[][][]::new);
        List<Note> notes = new ArrayList<>();
        for (int c = 0; c < byColumn.size(); c++) {
            for (Note note : byColumn.get(c).codedNotes()) {
                if (note.channel() == node) notes.add(new Note(note.code(), c, note.text()));
            }
        }
        Forecast first = byColumn.get(0);
        for (Note note : first.codedNotes()) {
            // The forecast of the node says itself what its quantiles rest on, and which values are outside.
            if (note.channel() < 0 && note.code() != NoteCode.QUANTILE_WINDOWS) notes.add(note);
        }
        double[] levels = first.quantiles().orElseThrow().levels();
        int windows = byColumn.stream().mapToInt(of -> of.quantiles().orElseThrow().windows()).min().orElseThrow();
        return Forecast.of(columns, IntStream.range(0, byColumn.size()).toArray(), values)
                .withModels(first.models())
                .withWeights(byColumn.stream().map(of -> of.weights().get(node)).toList())
                .withQuantiles(Quantiles.ofSamples(levels, samples, windows))
                .withMean(means, samples)
                .withNotes(notes);
    }

    /** Brings the samples of a sum at each step into the order of the sums of its parts: their errors are nearly the same. */
    private void order(double[][][] samples, int node) {
        int count = samples[node].length;
        for (int h = 0; h < samples[node][0].length; h++) {
            double[] sums = new double[count];
            double[] own = new double[count];
            for (int path = 0; path < count; path++) {
                for (int part : parts[node]) sums[path] += samples[part][path][h];
                own[path] = samples[node][path][h];
            }
            Arrays.sort(own);
            List<Integer> order = IntStream.range(0, count)
                    .boxed()
                    .sorted(Comparator.comparingDouble(path -> sums[path]))
                    .toList();
            for (int rank = 0; rank < count; rank++) samples[node][order.get(rank)][h] = own[rank];
        }
    }

    /** Whether a node is that of bottom series which have all ended. */
    private boolean[] closed(double[][] own, int horizon) {
        boolean[] closed = new boolean[names.size()];
        int[] ended = stepsBefore(own);
        for (int node = 0; node < closed.length; node++) {
            closed[node] = IntStream.of(bottomOf(node)).allMatch(i -> ended[i] > horizon);
        }
        return closed;
    }

    private static void reconcile(Reconciliation reconciliation, double[][] rows, boolean[] closed, double[] lower) {
        double[] step = new double[rows.length];
        for (int h = 0; h < rows[0].length; h++) {
            for (int node = 0; node < step.length; node++) step[node] = rows[node][h];
            reconciliation.apply(step, closed, lower);
            for (int node = 0; node < step.length; node++) rows[node][h] = step[node];
        }
    }

    /** The least value of each node: as asked, or 0 where nothing of its history is negative. */
    private static double[] lower(ForecastRequest request) {
        return Arrays.stream(request.history())
                .mapToDouble(history -> request.lower()
                        .orElse(Arrays.stream(history).anyMatch(value -> value < 0) ? Double.NEGATIVE_INFINITY : 0))
                .toArray();
    }

    private List<Note> ended(double[][] own, int horizon) {
        int[] ended = stepsBefore(own);
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < own.length; i++) {
            int earlier = ended[i];
            if (earlier == 0) continue;
            notes.add(new Note(NoteCode.ENDED_BEFORE, parts.length + i,
                    "ended " + (earlier == 1 ? "a step" : earlier + " steps") + " before the others"
                            + (earlier > horizon ? "; it is taken as closed, and is 0 from there on" : "")));
        }
        return notes;
    }

    /**
     * The errors of all nodes at the times at which the error of the total is known. A series without an error there, such
     * as a new one, gets an error of the size of the deviation of its sample paths, with a random sign.
     *
     * @param origins the number of origins with rows
     */
    private record Errors(double[][] rows, int origins) {

        /** @param samples of the forecasts after the histories */
        static Errors of(List<List<RollingForecast>> past, double[][] histories, boolean[] closed,
                double[][][] samples) {
            // Keyed by the time, and by the number of earlier forecasts of the node for the same time.
            Map<List<Integer>, double[]> rows = new LinkedHashMap<>();
            Map<List<Integer>, Integer> origins = new LinkedHashMap<>();
            for (int node = 0; node < histories.length; node++) {
                Map<Integer, Integer> seen = new HashMap<>();
                for (RollingForecast one : past.get(node)) {
                    double[] forecast = one.doubleValues()[0];
                    for (int h = 0; h < forecast.length; h++) {
                        int time = one.origin() + h;
                        List<Integer> key = List.of(time, seen.merge(time, 1, Integer::sum));
                        if (node == 0) origins.put(key, one.origin());
                        double[] row = rows.computeIfAbsent(key,
                                none -> DoubleStream.generate(() -> Double.NaN).limit(histories.length).toArray());
                        row[node] = closed[node] ? 0 : histories[node][time] - forecast[h];
                    }
                }
            }
            rows.values().removeIf(row -> !Double.isFinite(row[0]));
            double[] likely = Arrays.stream(samples).mapToDouble(Errors::deviation).toArray();
            SplittableRandom sides = new SplittableRandom(1);
            for (double[] row : rows.values()) {
                for (int node = 0; node < row.length; node++) {
                    if (Double.isFinite(row[node])) continue;
                    row[node] = closed[node] ? 0 : sides.nextBoolean() ? likely[node] : -likely[node];
                }
            }
            int count = (int) rows.keySet().stream().map(origins::get).distinct().count();
            return new Errors(rows.values().toArray(double[][]::new), count);
        }

        /** The standard deviation of sample paths, over all steps. */
        private static double deviation(double[][] paths) {
            double squares = 0;
            for (int h = 0; h < paths[0].length; h++) {
                int step = h;
                double mean = Arrays.stream(paths).mapToDouble(path -> path[step]).average().orElseThrow();
                for (double[] path : paths) squares += (path[h] - mean) * (path[h] - mean);
            }
            return Math.sqrt(squares / paths.length / paths[0].length);
        }
    }
}
