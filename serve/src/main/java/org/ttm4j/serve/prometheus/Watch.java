package org.ttm4j.serve.prometheus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.serve.settings.Settings.WatchSettings;

/**
 * Reads series of a Prometheus, forecasts them, and says for its scrapes what is forecast for now and for times ahead, and
 * whether the last value lies outside its interval. All that it knows it reads again after a restart. While the Prometheus does
 * not answer, the forecasts that it has go on, as far as they reach. Thread-safe.
 */
public final class Watch implements AutoCloseable {
    /** Steps of history that a forecast looks at. */
    private static final int HISTORY = 2048;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double[] NONE = {};
    /** Names of labels that Prometheus's text format has without quotes. */
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    /** Labels that forecasts have on top of those of their series. */
    private static final String KIND = "ml_forecast";
    private static final String AHEAD = "ml_ahead";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    private final WatchSettings settings;
    /** Not that of the service, which is warmed up first: after a restart, forecasts must not wait for that. */
    private final Forecaster forecaster;
    private final Consumer<String> log;
    private final PrometheusClient client;
    private final Map<Key, Watched> series = new ConcurrentHashMap<>();
    private final Counter failures;
    private final Thread thread;
    private volatile double succeeded;
    private volatile int leftOut;
    /** When the reading that goes on began, and how long the one before took, in milliseconds. */
    private volatile long began = Long.MAX_VALUE;
    private volatile long took;

    private record Key(int query, Map<String, String> labels) {}

    /**
     * Begins once it is {@linkplain #start started}.
     *
     * @param log takes why a query failed
     */
    public Watch(WatchSettings settings, MeterRegistry metrics, Consumer<String> log) {
        this(settings, metrics, log, Forecaster.bundled());
    }

    Watch(WatchSettings settings, MeterRegistry metrics, Consumer<String> log, Forecaster forecaster) {
        this.forecaster = forecaster;
        this.settings = settings;
        this.log = log;
        client = new PrometheusClient(settings.prometheus(), settings.token(), PATIENCE);
        failures = Counter.builder("ttm4j.watch.failures")
                .description("Queries of the Prometheus that failed")
                .register(metrics);
        gauge(metrics, "ttm4j.watch.series", "Series of the Prometheus that are forecast", of -> of.series.size());
        gauge(metrics, "ttm4j.watch.left.out", "Series of the queries that are not", of -> of.leftOut);
        gauge(metrics, "ttm4j.watch.success.timestamp.seconds", "When all queries were answered last",
                of -> of.succeeded);
        thread = Thread.ofPlatform().name("watch").daemon().unstarted(this::run);
    }

    private void gauge(MeterRegistry metrics, String name, String help, ToDoubleFunction<Watch> value) {
        Gauge.builder(name, this, value).description(help).register(metrics);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        long stepMillis = settings.step().toMillis();
        try {
            while (true) {
                read(System.currentTimeMillis() / stepMillis);
                long now = System.currentTimeMillis();
                Thread.sleep(stepMillis - now % stepMillis);
            }
        } catch (InterruptedException closed) {
            // As was wanted.
        }
    }

    /** Reads the values of all queries up to a step, counted from 1970. */
    void read(long end) throws InterruptedException {
        boolean failed = false;
        int left = 0;
        began = System.currentTimeMillis();
        for (int i = 0; i < settings.queries().size(); i++) {
            try {
                left += read(i, end);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                if (Thread.interrupted()) throw new InterruptedException();
                failed = true;
                failures.increment();
                String reason = e instanceof ConnectException
                        ? "cannot connect; is a Prometheus running there?"
                        : Objects.requireNonNullElse(e.getMessage(), e.toString());
                log.accept(
                        "query " + settings.queries().get(i).text() + " of " + settings.prometheus() + ": " + reason);
            }
        }
        leftOut = left;
        series.values().removeIf(Watched::isGone);
        long now = System.currentTimeMillis();
        if (!failed) succeeded = now / 1e3;
        took = now - began;
        began = Long.MAX_VALUE;
    }

    /** Reads the new values of a query, or the history if a series is new. Returns how many series are left out. */
    private int read(int query, long end) throws IOException, InterruptedException {
        Map<Map<String, String>, Watched> known = new HashMap<>();
        series.forEach((key, of) -> {
            if (key.query == query) known.put(key.labels, of);
        });
        long oldest = known.values().stream().mapToLong(of -> of.last).min().orElse(end - HISTORY);
        int steps = Math.clamp(end - oldest, 1, HISTORY);
        Map<Map<String, String>, double[]> found = range(query, end, steps, known.keySet());
        boolean isNew = !known.keySet().containsAll(found.keySet());
        boolean hasRoom = series.size() < settings.mostSeries();
        if (isNew && hasRoom && steps < HISTORY) found = range(query, end, HISTORY, known.keySet());
        int left = 0;
        for (Map.Entry<Map<String, String>, double[]> one : found.entrySet()) {
            Map<String, String> labels = one.getKey();
            Watched of = known.remove(labels);
            double[] values = Objects.requireNonNullElse(one.getValue(), NONE);
            if (of != null) of.add(fitted(values, end - of.last), end);
            else if (one.getValue() == null || !canBegin(labels)) left++;
            else series.put(new Key(query, labels), new Watched(name(query, labels), labels, values, end));
        }
        // Those without a value since go on without one.
        for (Watched of : known.values()) of.add(fitted(NONE, end - of.last), end);
        return left;
    }

    /** Whether there is room for another series, and its labels can be shown. */
    private boolean canBegin(Map<String, String> labels) {
        return series.size() < settings.mostSeries() && !labels.containsKey(KIND) && !labels.containsKey(AHEAD)
                && labels.keySet().stream().allMatch(label -> LABEL.matcher(label).matches());
    }

    private Map<Map<String, String>, double[]> range(int query, long end, int steps, Set<Map<String, String>> known)
            throws IOException, InterruptedException {
        double step = settings.step().toMillis() / 1e3;
        return client.range(settings.queries().get(query).text(), (end - steps + 1) * step, steps, step, known,
                settings.mostSeries());
    }

    /** The last {@code count} values; NaN before the first where there are fewer. */
    private static double[] fitted(double[] values, long count) {
        double[] fitted = new double[(int) Math.max(0, count)];
        for (int i = 1; i <= fitted.length; i++) {
            fitted[fitted.length - i] = i <= values.length ? values[values.length - i] : Double.NaN;
        }
        return fitted;
    }

    private String name(int query, Map<String, String> labels) {
        String given = settings.queries().get(query).name();
        String name = given == null ? labels.get("__name__") : given;
        if (name != null && NAME.matcher(name).matches()) return name;
        throw new IllegalArgumentException("its series have no name; put one in front, such as my_name=...");
    }

    /** The forecasts in Prometheus's text format, for a scrape of now. */
    public String text() {
        long millis = System.currentTimeMillis();
        double now = millis / 1e3;
        // Values are not old while the answer with newer ones is awaited.
        double answered = (Math.min(millis, began) - took) / 1e3;
        Map<String, List<Watched>> byName = series.values()
                .stream()
                .collect(Collectors.groupingBy(of -> of.name, TreeMap::new, Collectors.toList()));
        StringBuilder out = new StringBuilder();
        byName.forEach((name, all) -> {
            out.append("# TYPE ").append(name).append(":predicted gauge\n");
            all.forEach(of -> of.writePredicted(out, now));
            out.append("# TYPE ").append(name).append(":anomalous gauge\n");
            all.forEach(of -> of.writeAnomalous(out, answered));
        });
        return out.toString();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** A series that is watched: its values, its last forecast, and whether the last value was anomalous. */
    private final class Watched {
        /** Its name in the answer: of a query that has none, that of the series. */
        private final String name;
        private final String labels;
        private final LiveSeries live;
        /** The step up to which values were added, counted from 1970. */
        private long last;
        private long lastObserved;
        private long due; // of how many everySteps of values the last forecast was made
        private volatile Shown shown = new Shown(null, 0, null, 0);

        /**
         * The part of its state that scrapes show.
         *
         * @param forecast null for none
         * @param origin the last step that it saw
         * @param anomalous −1 below the interval, 1 above, 0 within; null where the last value could not be judged
         * @param judged the step of that value
         */
        private record Shown(Forecast forecast, long origin, Integer anomalous, long judged) {}

        /**
         * Begins with a history; the values of the last forecast's time are judged.
         *
         * @param labels of the series, with its name where it has one
         * @param end the step of the last value
         */
        Watched(String name, Map<String, String> labels, double[] history, long end) {
            this.name = name;
            this.labels = text(labels);
            int first = 0;
            while (first < history.length - 1 && Double.isNaN(history[first])) first++;
            int judged = Math.min(settings.everySteps(), (history.length - first) / 2);
            double[] before = Arrays.copyOfRange(history, first, history.length - judged);
            double half = (1 - settings.level()) / 2;
            ForecastRequest wanted = ForecastRequest.of(new double[][]{before})
                    .withFrequency(settings.step())
                    // So that times ahead are still forecast when the next forecast is due.
                    .withHorizon(settings.horizonSteps() + settings.everySteps())
                    .withQuantiles(half, 1 - half);
            live = LiveSeries.of(wanted, settings.everySteps());
            last = end - judged;
            lastObserved = last;
            add(Arrays.copyOfRange(history, history.length - judged, history.length), end);
            forecast();
        }

        private static String text(Map<String, String> labels) {
            StringBuilder text = new StringBuilder();
            labels.forEach((name, value) -> {
                if (name.equals("__name__")) return;
                String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
                text.append(text.isEmpty() ? "" : ",").append(name).append("=\"").append(quoted).append('"');
            });
            return text.toString();
        }

        /** Whether no value came for as long as a forecast reaches. */
        boolean isGone() {
            return last - lastObserved > settings.horizonSteps();
        }

        /** Adds the values behind the last one up to a step, a value for each, and forecasts again where that is due. */
        void add(double[] values, long end) {
            if (end <= last) return;
            Integer anomalous = null;
            try {
                for (Judged one : live.addAll(forecaster, new double[][]{values})) {
                    boolean isLast = one.index() == live.added() - 1;
                    if (isLast) anomalous = !one.isAnomaly() ? 0 : one.value() < one.forecast() ? -1 : 1;
                }
            } catch (IllegalArgumentException refused) {
                // The values are taken; they cannot be forecast from yet.
            } finally {
                // They are taken whatever failed, and must not be added again.
                for (int i = 0; i < values.length; i++) if (!Double.isNaN(values[i])) lastObserved = last + 1 + i;
                last = end;
            }
            shown = new Shown(shown.forecast, shown.origin, anomalous, end);
            if (live.added() / settings.everySteps() > due) forecast();
        }

        private void forecast() {
            try {
                shown = new Shown(live.forecast(forecaster), last, shown.anomalous, shown.judged);
            } catch (IllegalArgumentException tooShort) {
                // The one before stays while it reaches.
            }
            due = live.added() / settings.everySteps();
        }

        /** Writes the lines of its forecasts for now, and for times ahead. */
        void writePredicted(StringBuilder out, double now) {
            Shown of = shown;
            if (of.forecast == null) return;
            write(out, of, now, null);
            for (Duration time : settings.ahead()) write(out, of, now + time.toSeconds(), time);
        }

        private void write(StringBuilder out, Shown of, double at, Duration ahead) {
            // Between two steps, the later one is shown.
            long step = (long) Math.ceil(at * 1000 / settings.step().toMillis()) - of.origin - 1;
            if (step < 0 || step >= of.forecast.horizon()) return;
            List<String> names = List.of("yhat", "yhat_lower", "yhat_upper");
            double[] values = {of.forecast.value(0, (int) step), quantile(of.forecast, 0, step),
                    quantile(of.forecast, 1, step)};
            for (int i = 0; i < values.length; i++) {
                if (Double.isNaN(values[i])) continue;
                out.append(name).append(":predicted{").append(labels).append(labels.isEmpty() ? "" : ",");
                out.append(KIND).append("=\"").append(names.get(i)).append('"');
                if (ahead != null) out.append(',').append(AHEAD).append("=\"").append(text(ahead)).append('"');
                out.append("} ").append(values[i]).append('\n');
            }
        }

        private static double quantile(Forecast forecast, int level, long step) {
            return forecast.quantiles().map(all -> all.value(level, 0, (int) step)).orElse(Double.NaN);
        }

        /** As Prometheus writes times, such as {@code 4h}. */
        private static String text(Duration time) {
            long seconds = time.toSeconds();
            if (seconds % 86_400 == 0) return seconds / 86_400 + "d";
            if (seconds % 3600 == 0) return seconds / 3600 + "h";
            return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
        }

        /**
         * Writes the line that says whether the last value is anomalous, until two steps after it.
         *
         * @param answered the time up to which the values of the last answer are the newest
         */
        void writeAnomalous(StringBuilder out, double answered) {
            Shown of = shown;
            if (of.anomalous == null || answered * 1000 / settings.step().toMillis() - of.judged > 2) return;
            out.append(name).append(":anomalous{").append(labels).append("} ").append(of.anomalous).append('\n');
        }
    }
}
