package org.ttm4j.eval.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Note;
import org.ttm4j.forecast.NoteCode;

/**
 * Makes requests of the library from series of a file. Its columns of percentages and shares are forecast within their
 * bounds: their name says so ({@code humidity %}, {@code fill_pct}, {@code market share}), and their values lie from 0 to
 * 100 or to 1 and come near that. Stateless.
 */
public final class SeriesRequest {
    /** The names of such columns. */
    private static final Pattern NAME = Pattern.compile(
            "%|(^|[^a-z])(pct|perc|percent|percents|percentage|prozent|share|shares|fraction|anteil)([^a-z]|$)");
    /** The price of a share of a company is not a share. */
    private static final Pattern NO_SHARE = Pattern.compile("price|preis|kurs|per[_ -]?share");
    /** How near to the bound the largest value comes, at least, as a share of it. */
    private static final double NEAR = 0.9;
    private static final double PERCENT = 100;

    private SeriesRequest() {}

    /** A request with all rows of a series as its history, its frequency where it is known, and its start where they are days. */
    public static ForecastRequest of(TimeSeries series) {
        Frequency frequency = series.axis().frequency();
        ForecastRequest request = ForecastRequest.of(series.doubleValues())
                .withKnownFrequency(frequency.toTemporalAmount())
                .withOpenTimes(frequency.openStep(), frequency.openStepsOfDay());
        return series.axis().firstDay().map(request::withStart).orElse(request);
    }

    /** The largest value that a column may have; ∞ where it is none of these. */
    static double bound(String name, double[] values) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(lower).find() || NO_SHARE.matcher(lower).find()) return Double.POSITIVE_INFINITY;
        double least = Arrays.stream(values).filter(value -> !Double.isNaN(value)).min().orElse(-1);
        double most = Arrays.stream(values).filter(value -> !Double.isNaN(value)).max().orElse(0);
        if (least < 0) return Double.POSITIVE_INFINITY;
        for (double bound : new double[]{1, PERCENT}) if (most <= bound && most >= NEAR * bound) return bound;
        return Double.POSITIVE_INFINITY;
    }

    private static double[] bounds(List<String> names, double[][] values) {
        return IntStream.range(0, values.length).mapToDouble(c -> bound(names.get(c), values[c])).toArray();
    }

    /**
     * The request with the bounds of its columns of shares, unless it has an upper bound or a lower one above them.
     *
     * @param names of the channels of its history
     */
    public static ForecastRequest within(ForecastRequest request, List<String> names) {
        if (request.upper().length > 0) return request;
        double lower = request.lower().orElse(0);
        double[] bounds = Arrays.stream(bounds(names, request.history()))
                .map(bound -> bound < lower ? Double.POSITIVE_INFINITY : bound)
                .toArray();
        return Arrays.stream(bounds).allMatch(Double::isInfinite) ? request : request.withUpper(bounds);
    }

    /** The forecast of a request of {@link #within}, with a note of the columns that a bound has held. */
    public static Forecast noted(Forecast forecast, TimeSeries series) {
        double[] bounds = bounds(series.channels(), series.doubleValues());
        List<Note> notes = new ArrayList<>();
        for (int row = 0; row < forecast.channels().length; row++) {
            int channel = forecast.channels()[row];
            double most = Arrays.stream(forecast.doubleValues()[row]).max().orElse(0);
            if (forecast.quantiles().isPresent()) {
                double[][][] all = forecast.quantiles().get().doubleValues();
                most = Math.max(most, Arrays.stream(all[all.length - 1][row]).max().orElse(0));
            }
            if (most != bounds[channel]) continue;
            notes.add(new Note(NoteCode.BOUNDED, channel,
                    "a share, kept within 0 and " + (bounds[channel] == 1 ? "1" : "100")
                            + " as all its values are, unless another upper bound is given"));
        }
        return notes.isEmpty() ? forecast : forecast.withNotes(notes);
    }
}
