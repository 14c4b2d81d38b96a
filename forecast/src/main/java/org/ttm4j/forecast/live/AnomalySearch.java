package org.ttm4j.forecast.live;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ForecasterInfo;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.forecast.interval.ConformalOptions;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.run.RunRules;
import org.ttm4j.ttm.series.Rows;

/**
 * Searches a complete series for anomalies as if its values arrived one by one, by {@link LiveSeries}. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * ForecastRequest series = ForecastRequest.of(load).withFrequency(Duration.ofHours(1));
 * for (AnomalySearch.Event event : AnomalySearch.events(new AnomalySearch(Forecaster.bundled(), 0.99, 0, 0).in(series))) {
 *     report(event.first().kind(), event.first().index(), event.rows());
 * }
 * }</pre>
 *
 * @param level the share of values that an interval is to hold
 * @param every steps from one forecast to the next; 0 for 1, of long series up to 24
 * @param start steps before the first that is judged; 0 for a quarter, at most 512
 */
public record AnomalySearch(Forecaster forecaster, double level, int every, int start) {
    /** The default level, and the lowest and highest allowed ones. */
    public static final double USUAL_LEVEL = 0.99;
    public static final double LEAST_LEVEL = 0.5;
    public static final double MOST_LEVEL = 0.998;
    /** About how many forecasts a series takes, unless it is so long that they would be over 24 steps apart. */
    private static final int FORECASTS = 500;
    private static final int MOST_EVERY = 24;
    private static final int MOST_START = 512;
    /** The most values between two unusual ones of the same event. */
    private static final int GAP = 4;

    /** @throws IllegalArgumentException when the forecaster is null, the level not above 0 and below 1, or steps negative */
    public AnomalySearch {
        RunRules.requireGiven("forecaster", forecaster);
        if (every < 0 || start < 0) {
            throw new IllegalArgumentException("every " + every + ", start " + start + ": expected no negative steps");
        }
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level " + level + ": expected above 0 and below 1");
        }
    }

    /**
     * Unusual values of a channel that belong together: one spike, or all that a shift of level, a flat stretch or a missing
     * cycle makes unusual.
     *
     * @param first of them, with the kind of the event
     * @param rows from the first to the last
     */
    public record Event(Judged first, long rows) {}

    /**
     * Judges the values after the first ones.
     *
     * @param series the history, its frequency and its season
     * @throws IllegalArgumentException when they are too few to judge any, or as {@link Forecaster#forecast(ForecastRequest)}
     */
    public List<Judged> in(ForecastRequest series) {
        RunRules.requireGiven("series", series);
        double[][] values = series.history();
        int length = series.steps();
        LiveSeries.requireFit(values, values.length);
        int first = start > 0 ? start : Math.min(MOST_START, Math.ceilDiv(length, 4));
        // The second half of the first rows is judged as well, to adapt the width of the intervals. The intervals of a
        // model alone learn from all first rows.
        int together = forecaster.info().combines() ? Math.min(first / 2, length) : 0;
        LiveSeries live = live(series.withHistory(new Rows(0, together).of(values)), apart(length));
        List<Judged> judged = new ArrayList<>();
        for (int t = together; t < length; t++) {
            List<Judged> now = live.addAll(forecaster, new Rows(t, t + 1).of(values));
            if (t >= first) judged.addAll(now);
        }
        if (!judged.isEmpty()) return judged;
        // A series without observed values is refused by the forecaster, with the same message as everywhere.
        if (Arrays.stream(values).flatMapToDouble(Arrays::stream).allMatch(Double::isNaN)) forecaster.forecast(series);
        if (forecaster.info().combines() && length > Math.max(first, apart(length))) {
            throw new IllegalArgumentException(
                    "too few values are observed after the first " + first + " rows to judge one of them");
        }
        throw new IllegalArgumentException(length + " rows are too few to judge a value of them"
                + (forecaster.info().combines()
                        ? ": expected more than " + Math.max(first, apart(length))
                        : ": an interval of this level needs the errors of "
                                + ConformalIntervals.windowsNeeded((1 - level) / 2)
                                + " forecasts; choose a lower level"));
    }

    /** About how many forecasts a series of so many steps takes. */
    public long forecasts(int length) {
        return Math.ceilDiv(length, apart(length));
    }

    private int apart(int length) {
        return every > 0 ? every : Math.clamp(length / FORECASTS, 1, Math.min(MOST_EVERY, mostEvery(forecaster)));
    }

    /**
     * A series whose values are yet to come one by one.
     *
     * @param begin the values that it begins with, maybe none, which are not judged; its frequency and its season
     * @param steps from one forecast to the next
     * @throws IllegalArgumentException when the forecaster needs more than values
     */
    public LiveSeries live(ForecastRequest begin, int steps) {
        RunRules.requireGiven("begin", begin);
        ForecasterInfo info = forecaster.info();
        info.requireHistoryOnly(begin.channels());
        double[] levels = {(1 - level) / 2, (1 + level) / 2};
        if (info.combines()) return LiveSeries.of(begin.withHorizon(steps).withQuantiles(levels), steps);
        TtmConfig config = info.longestModel().config();
        LiveSeries live = LiveSeries.of(begin.withHorizon(config.outputLength()), steps);
        ConformalOptions options = ConformalOptions.defaults();
        int windows = Math.max(options.windows(), ConformalIntervals.windowsNeeded(levels[0]));
        live.learn(info.intervals()
                .map(stored -> stored.withLevels(levels))
                .orElseGet(() -> new ConformalIntervals(levels, config.predictionChannels(begin.channels()).length,
                        config.outputLength(), options.withWindows(windows))));
        return live;
    }

    /** A combination forecasts as far as is asked; of a model alone, values behind the horizon would not be judged. */
    public static int mostEvery(Forecaster forecaster) {
        return forecaster.info().combines()
                ? Integer.MAX_VALUE / 2
                : forecaster.info().longestModel().config().outputLength();
    }

    /** Groups anomalies that are close together into events, in order of time. */
    public static List<Event> events(List<Judged> judged) {
        RunRules.requireGiven("judged", judged);
        List<Event> events = new ArrayList<>();
        Map<Integer, List<Judged>> open = new TreeMap<>(); // by channel
        for (Judged one : flatFromTheFirst(judged)) {
            List<Judged> before = open.computeIfAbsent(one.channel(), none -> new ArrayList<>());
            if (!before.isEmpty() && !isOneEvent(before.get(before.size() - 1), one)) close(before, events);
            if (one.isAnomaly()) before.add(one);
        }
        open.values().forEach(before -> close(before, events));
        events.sort(Comparator.comparingLong(event -> event.first.index()));
        return events;
    }

    private static boolean isOneEvent(Judged before, Judged one) {
        return one.index() - before.index() <= GAP
                && (one.kind() == Judged.Kind.FLAT) == (before.kind() == Judged.Kind.FLAT);
    }

    /**
     * Extends flat stretches back to the first of their equal values, although only a later one shows that they are flat.
     */
    private static List<Judged> flatFromTheFirst(List<Judged> judged) {
        Judged[] all = judged.toArray(Judged[]::new);
        Map<Integer, Judged> next = new TreeMap<>(); // by channel
        for (int i = all.length - 1; i >= 0; i--) {
            Judged later = next.get(all[i].channel());
            if (later != null && later.kind() == Judged.Kind.FLAT && later.value() == all[i].value()) {
                all[i] = all[i].as(Judged.Kind.FLAT);
            }
            next.put(all[i].channel(), all[i]);
        }
        return List.of(all);
    }

    /**
     * Unusual values that are near each other are one event where any of them is more than a spike; a flat stretch is one by
     * itself.
     */
    private static void close(List<Judged> near, List<Event> events) {
        if (near.isEmpty()) return;
        Judged.Kind kind = near.stream().map(Judged::kind).max(Enum::compareTo).orElseThrow();
        long rows = near.get(near.size() - 1).index() - near.get(0).index() + 1;
        if (kind != Judged.Kind.SPIKE) events.add(new Event(near.get(0).as(kind), rows));
        else near.forEach(one -> events.add(new Event(one, 1)));
        near.clear();
    }
}
