package org.ttm4j.serve.prometheus;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.forecast.live.LiveSeries;
import org.ttm4j.serve.settings.Settings.WatchSettings;

/** A series that is watched: its values, its last forecast, and whether the last value was anomalous. */
final class Watched {
    private final WatchSettings settings;
    private final String name;
    private final String labels;
    private final LiveSeries live;
    /** The step of the last value that was added, counted from 1970. */
    private long last;
    private long lastObserved;
    private volatile Shown shown = new Shown(null, 0, null, 0);

    /**
     * What is shown of it.
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
    Watched(WatchSettings settings, String name, Map<String, String> labels, double[] history, long end,
            Forecaster forecaster) {
        this.settings = settings;
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
        add(Arrays.copyOfRange(history, history.length - judged, history.length), end, forecaster);
        forecast(forecaster);
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

    /** The step up to which values were added. */
    long last() {
        return last;
    }

    /** Whether no value came for as long as a forecast reaches. */
    boolean isGone() {
        return last - lastObserved > settings.horizonSteps();
    }

    /** Adds the values behind the last one up to a step, a value for each, and forecasts again where that is due. */
    void add(double[] values, long end, Forecaster forecaster) {
        if (end <= last) return;
        long due = live.added() / settings.everySteps();
        Integer anomalous = null;
        try {
            for (Judged one : live.addAll(forecaster, new double[][]{values})) {
                boolean isLast = one.index() == live.added() - 1;
                if (isLast) anomalous = !one.isAnomaly() ? 0 : one.value() < one.forecast() ? -1 : 1;
            }
        } catch (IllegalArgumentException refused) {
            // The values are taken; they cannot be forecast from yet.
        }
        for (int i = 0; i < values.length; i++) if (!Double.isNaN(values[i])) lastObserved = last + 1 + i;
        last = end;
        shown = new Shown(shown.forecast, shown.origin, anomalous, end);
        if (live.added() / settings.everySteps() > due) forecast(forecaster);
    }

    private void forecast(Forecaster forecaster) {
        try {
            shown = new Shown(live.forecast(forecaster), last, shown.anomalous, shown.judged);
        } catch (IllegalArgumentException tooShort) {
            // The one before stays while it reaches.
        }
    }

    /** Its name in the answer: of a query that has none, that of the series. */
    String name() {
        return name;
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
            out.append("ml_forecast=\"").append(names.get(i)).append('"');
            if (ahead != null) out.append(",ml_ahead=\"").append(text(ahead)).append('"');
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
