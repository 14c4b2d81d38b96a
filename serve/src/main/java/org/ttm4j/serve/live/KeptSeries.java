package org.ttm4j.serve.live;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ttm4j.eval.table.IsoTimes;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.serve.forecast.ForecastBody;
import org.ttm4j.serve.forecast.ForecastBody.Options;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.JsonBody;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.live.SeriesStore.Committer;
import org.ttm4j.serve.live.SeriesStore.Entry;
import org.ttm4j.serve.live.SeriesStore.Points;
import org.ttm4j.serve.settings.Settings.Limits;
import org.ttm4j.serve.settings.Settings.StoreSettings;

/**
 * The series of a store, with the rules for changing them. A change is durable when its method returns. Thread-safe.
 *
 * <p>The first values put the grid of times in place; every other must lie on it. A value at a time that has one takes its
 * place. The values of the last {@link #KEPT} steps stay: as many as a combination looks at.
 *
 * @param reader for reading
 * @param committer for changes of the same store
 */
record KeptSeries(SeriesStore reader, Committer committer, Limits limits) implements AutoCloseable {
    /** Steps whose values are kept. */
    static final int KEPT = 2048;

    /** Series that ask for their values to be judged, of each of which some 20 kB are known. */
    static final int MOST_JUDGED = 256;

    private static final int LAST_YEAR = 9999;

    /** A value and its time; NaN when it is missing. */
    record Timed(Temporal time, double value) {}

    /**
     * What became of values that were added.
     *
     * @param dropped how many of them are older than what is kept
     * @param after the last step before them
     * @param last the last step with them
     * @param judged whether the series asks for its values to be judged
     */
    record Added(int dropped, long after, long last, boolean judged) {}

    /** A series as it is now; without values, the grid is null. */
    record Series(String id, SeriesSettings settings, Grid grid, Points points) {
        /** The time of the last value; null without. */
        Temporal last() {
            return points.isEmpty() ? null : grid.timeOf(points.last());
        }

        /**
         * A request for its forecast.
         *
         * @throws Problem when it has no values
         */
        ForecastRequest request() {
            if (points.isEmpty()) throw new Problem(Type.CANNOT_FORECAST, "this series has no values yet");
            long first = points.steps()[0];
            double[] history = new double[(int) (points.last() - first) + 1];
            Arrays.fill(history, Double.NaN);
            for (int i = 0; i < points.steps().length; i++) {
                history[(int) (points.steps()[i] - first)] = points.values()[i];
            }
            return settings.options()
                    .on(ForecastRequest.of(new double[][]{history}))
                    .withFrequency(settings.frequency())
                    .withStart(grid.timeOf(first));
        }
    }

    /**
     * Opens a file, or a database of PostgreSQL.
     *
     * @throws IOException when it cannot be opened
     */
    static KeptSeries open(StoreSettings settings, Limits limits) throws IOException {
        if (!settings.isDatabase()) {
            EmbeddedStore store = EmbeddedStore.open(Path.of(settings.location()));
            return new KeptSeries(store, new Committer(store), limits);
        }
        JdbcStore.Database database = JdbcStore.database(settings);
        return new KeptSeries(JdbcStore.reader(database), new Committer(JdbcStore.writer(database)), limits);
    }

    /**
     * Keeps a series, or changes what is asked of one.
     *
     * @return whether it is new
     */
    boolean put(String id, SeriesSettings settings) throws IOException {
        return committer.commit(id, store -> {
            Entry old = store.entry(id);
            if (old == null && store.size() >= limits.series()) {
                throw new Problem(Type.CONFLICT,
                        limits.series() + " series are kept: delete one before another is put");
            }
            boolean wasJudged = old != null && old.settings().contains(SeriesSettings.JUDGED);
            if (settings.anomalies() > 0 && !wasJudged
                    && store.countWithSettings(SeriesSettings.JUDGED) >= MOST_JUDGED) {
                throw new Problem(Type.CONFLICT, MOST_JUDGED
                        + " series are judged already: put one without anomalies, or delete one, before another",
                        "/anomalies");
            }
            if (old != null && old.anchor() != null
                    && !settings(old.settings()).frequency().equals(settings.frequency())) {
                throw new Problem(Type.CONFLICT, "this series has values of another frequency: delete it first",
                        "/frequency");
            }
            store.put(id, new Entry(settings.text(), old == null ? null : old.anchor()));
            return old == null;
        });
    }

    void delete(String id) throws IOException {
        committer.commit(id, store -> {
            if (store.entry(id) == null) throw unknown();
            store.delete(id);
            return null;
        });
    }

    /** Keeps values, all or none. */
    Added add(String id, List<Timed> added) throws IOException {
        return committer.commit(id, store -> {
            Entry entry = store.entry(id);
            if (entry == null) throw unknown();
            SeriesSettings settings = settings(entry.settings());
            String anchor = entry.anchor() != null
                    ? entry.anchor()
                    : IsoTimes.text(Grid.anchor(added.stream().map(Timed::time).toList(), settings.frequency()));
            TreeMap<Long, Double> values = onGrid(grid(anchor, settings), added);
            Points newest = store.newest(id, 1);
            long last = lastOf(newest, values);
            long first = last - KEPT + 1;
            Map<Long, Double> old = values.headMap(first);
            int dropped = old.size();
            old.clear();
            if (entry.anchor() == null) store.put(id, new Entry(entry.settings(), anchor));
            store.write(id, new Points(values.keySet().stream().mapToLong(Long::longValue).toArray(),
                    values.values().stream().mapToDouble(Double::doubleValue).toArray()), first);
            return new Added(dropped, newest.isEmpty() ? Long.MIN_VALUE / 2 : newest.last(), last,
                    settings.anomalies() > 0);
        });
    }

    private static TreeMap<Long, Double> onGrid(Grid grid, List<Timed> added) {
        TreeMap<Long, Double> values = new TreeMap<>();
        for (int i = 0; i < added.size(); i++) {
            Temporal time = added.get(i).time();
            String pointer = "/values/" + i + "/time";
            int year = time.get(ChronoField.YEAR);
            if (year < 0 || year > LAST_YEAR) {
                throw new Problem(Type.INVALID_VALUE, "expected a year from 0 to " + LAST_YEAR, pointer);
            }
            OptionalLong step = grid.stepOf(time);
            if (step.isEmpty()) {
                throw new Problem(Type.INVALID_VALUE, "expected a time a whole number of steps from "
                        + IsoTimes.text(grid.anchor()) + ", and written in the same way", pointer);
            }
            values.put(step.getAsLong(), added.get(i).value());
        }
        return values;
    }

    /** The last step with these values; a wrong year must not drop all that is kept. */
    private static long lastOf(Points kept, TreeMap<Long, Double> values) {
        long last = kept.isEmpty() ? values.firstKey() : kept.last();
        for (long step : values.keySet()) {
            if (step - last > KEPT) {
                throw new Problem(Type.CONFLICT, "a time is more than " + KEPT
                        + " steps after the one before it: when that is right, delete the series and begin anew",
                        "/values");
            }
            last = Math.max(last, step);
        }
        return last;
    }

    private static Grid grid(String anchor, SeriesSettings settings) {
        return Problem.refusing(Type.INVALID_VALUE, "/values/0/time",
                () -> new Grid(ForecastBody.time(anchor), settings.frequency()));
    }

    private SeriesSettings settings(String text) {
        try {
            return SeriesSettings.of(text, limits);
        } catch (IOException | Problem e) {
            throw new Problem(Type.CONFLICT,
                    "a service of another version or with other limits has written the settings "
                            + "of this series, which this one cannot read; ask that one, or delete the series: "
                            + e.getMessage());
        }
    }

    /**
     * A series with at most so many of its last values.
     *
     * @throws Problem when there is none
     */
    Series get(String id, int most) throws IOException {
        Entry entry = reader.entry(id);
        if (entry == null) throw unknown();
        SeriesSettings settings = settings(entry.settings());
        if (entry.anchor() == null) return new Series(id, settings, null, new Points(new long[0], new double[0]));
        return new Series(id, settings, grid(entry.anchor(), settings), reader.newest(id, most));
    }

    /** The ids after this one. */
    List<String> ids(String after, int most) throws IOException {
        return reader.ids(after, most);
    }

    /** Returns true if changes can be stored. */
    boolean isWritable() {
        return committer.isWritable();
    }

    private static Problem unknown() {
        return new Problem(Type.NOT_FOUND, "there is no such series: PUT it first");
    }

    @Override
    public void close() {
        committer.close();
        reader.close();
    }

    /**
     * What is asked of a series that is kept. Immutable.
     *
     * @param frequency the time between two values
     * @param options of its forecasts
     * @param anomalies level of the intervals that its values are judged by as they arrive; 0 for not
     */
    record SeriesSettings(TemporalAmount frequency, Options options, double anomalies) {
        private static final JsonFactory JSON = new JsonFactory();
        /** Only settings that ask for judgement have it in their {@link #text}: quotes within values are escaped. */
        private static final String JUDGED = "\"anomalies\":";

        /** Reads a body to its end. */
        static SeriesSettings read(JsonBody json, Limits limits, String defaultModel) throws IOException {
            TemporalAmount frequency = null;
            double anomalies = 0;
            Options options = Options.defaults(defaultModel);
            json.beginObject();
            for (String member = json.nextMember(); member != null; member = json.nextMember()) {
                switch (member) {
                    case "frequency" -> frequency = ForecastBody.frequency(json);
                    case "anomalies" -> anomalies = level(json);
                    default -> options = options.with(member, json, limits,
                            "frequency, horizon, quantiles, mode, model or anomalies");
                }
            }
            json.end();
            if (frequency == null) throw new Problem(Type.INVALID_VALUE, "expected a frequency", "/frequency");
            return new SeriesSettings(frequency, options, anomalies);
        }

        private static double level(JsonBody json) throws IOException {
            double level = json.number();
            if (level >= AnomalySearch.LEAST_LEVEL && level <= AnomalySearch.MOST_LEVEL) return level;
            throw json.expected("a level from " + AnomalySearch.LEAST_LEVEL + " to " + AnomalySearch.MOST_LEVEL);
        }

        /** Reads what {@link #text} has written. */
        static SeriesSettings of(String text, Limits limits) throws IOException {
            return read(new JsonBody(JSON.createParser(text)), limits, "");
        }

        /** As JSON that {@link #read} reads. */
        String text() {
            return new String(Json.bytes(members()), StandardCharsets.UTF_8);
        }

        Map<String, Object> members() {
            boolean days = frequency instanceof Duration step && step.equals(Duration.ofDays(step.toDays()));
            String text = days ? "P" + ((Duration) frequency).toDays() + "D" : frequency.toString();
            return Json.object("frequency", text, "model", options.model(), "mode", options.mode().toString(),
                    "horizon", options.horizon() > 0 ? options.horizon() : null, "quantiles",
                    options.levels().length > 0 ? options.levels() : null, "anomalies",
                    anomalies > 0 ? anomalies : null);
        }
    }
}
