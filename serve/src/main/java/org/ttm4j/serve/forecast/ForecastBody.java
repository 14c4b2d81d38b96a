package org.ttm4j.serve.forecast;

import java.io.IOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.ttm4j.data.series.Frequency;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.hierarchy.Hierarchy;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.JsonBody;
import org.ttm4j.serve.http.JsonBody.Rows;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.settings.Settings.Limits;
import org.ttm4j.ttm.train.Channels;
import org.ttm4j.ttm.train.Channels.Channel;

/**
 * The body of a request for forecasts. A problem of the body is thrown; a problem of one series is stored with the series.
 *
 * @param series at least one
 * @param options for all of them
 * @param sums what is wanted beside the medians
 * @param components whether what contributes to the forecasts is wanted too
 * @param hierarchy the keys by which the series are summed; none without
 */
public record ForecastBody(List<Item> series, Options options, Sums sums, boolean components, List<String> hierarchy) {
    private static final int LONGEST = 256;

    /**
     * The options for every series.
     *
     * @param model the name of one
     * @param horizon 0 for the usual
     * @param levels of quantiles; empty when none are named
     */
    public record Options(String model, ForecastMode mode, int horizon, double[] levels) {
        /** The usual horizon in the mode balanced. */
        public static Options defaults(String model) {
            return new Options(model, ForecastMode.BALANCED, 0, new double[0]);
        }

        /**
         * These options with the value of a member, which comes next in the body.
         *
         * @param known all members that there may be, for the problem of another
         */
        public Options with(String member, JsonBody json, Limits limits, String known) throws IOException {
            return switch (member) {
                case "horizon" -> new Options(model, mode, json.integer(1, limits.horizon()), levels);
                case "quantiles" -> new Options(model, mode, horizon, ForecastBody.levels(json, limits));
                case "mode" ->
                    new Options(model, ForecastBody.mode(json.text(LONGEST), json.pointer()), horizon, levels);
                case "model" -> new Options(json.text(LONGEST), mode, horizon, levels);
                default -> throw json.unknown(member, known);
            };
        }

        /**
         * The forecaster of the model in the mode.
         *
         * @param pointer where the request names the model; null for nowhere in its body
         * @throws Problem when it is not loaded
         */
        public Forecaster forecaster(ModelRepository models, String pointer) {
            return models.get(model, pointer).get(mode);
        }

        /** A request that asks for what these options say. */
        public ForecastRequest on(ForecastRequest request) {
            ForecastRequest steps = horizon > 0 ? request.withHorizon(horizon) : request;
            return levels.length > 0 ? steps.withQuantiles(levels) : steps;
        }
    }

    /** One series; the season is 0 where it is not given; where there is a problem, all else but the id is null. */
    record Item(String id, Temporal start, TemporalAmount frequency, int season, Rows values, Rows future,
            int[] categorical, List<Object> categories, List<String> keys, Problem problem) {

        /**
         * As the library takes it.
         *
         * @throws Problem when it cannot be one
         */
        ForecastRequest request(Options options, Optional<Channels> channels, String pointer) {
            if (problem != null) throw problem;
            if (values == null) throw new Problem(Type.INVALID_VALUE, "expected values", pointer);
            return Problem.refusing(Type.INVALID_VALUE, pointer, () -> {
                ForecastRequest request = options.on(ForecastRequest.of(values.rows()));
                if (hasFuture()) request = request.withKnownFuture(future.rows());
                if (categorical != null) request = request.withCategoricalDrivers(categorical);
                if (categories != null) request = request.withCategories(codes(channels, pointer + "/categories"));
                if (frequency != null) request = request.withFrequency(frequency);
                if (season > 0) request = request.withSeason(season);
                return start == null ? request : started(request, pointer + "/start");
            });
        }

        /** Generated clients send an empty array for what is not given. */
        private boolean hasFuture() {
            return future != null && !(future.flat() && future.rows()[0].length == 0);
        }

        private boolean isLike(Item first) {
            return Objects.equals(start, first.start) && Objects.equals(frequency, first.frequency)
                    && season == first.season && values.rows()[0].length == first.values.rows()[0].length;
        }

        private ForecastRequest started(ForecastRequest request, String pointer) {
            try {
                return request.withStart(start);
            } catch (IllegalArgumentException e) {
                throw new Problem(Type.INVALID_VALUE, "expected a start that the frequency can move: a time of day for "
                        + "hours, a year that exists", pointer);
            }
        }

        private int[] codes(Optional<Channels> channels, String pointer) {
            List<Channel> known = channels.map(Channels::categories).orElse(List.of());
            int[] codes = new int[categories.size()];
            for (int i = 0; i < codes.length; i++) {
                Object value = categories.get(i);
                if (value instanceof Integer code) {
                    codes[i] = code;
                } else if (i < known.size()) {
                    codes[i] = known.get(i).code((String) value);
                } else {
                    throw new Problem(Type.INVALID_VALUE, "this model has no names for the values of this category",
                            pointer + "/" + i);
                }
            }
            return codes;
        }
    }

    /** Reads a body to its end. */
    static ForecastBody read(JsonBody json, Limits limits, String defaultModel) throws IOException {
        List<Item> series = null;
        boolean components = false;
        List<String> hierarchy = List.of();
        Options options = Options.defaults(defaultModel);
        Sums sums = Sums.NONE;
        json.beginObject();
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            switch (member) {
                case "series" -> series = items(json, limits);
                case "components" -> components = json.truth();
                case "hierarchy" -> hierarchy = texts(json, json.pointer());
                case "mean", "samples", "total" -> sums = sums.with(member, json);
                default -> options = options.with(member, json, limits,
                        "series, horizon, quantiles, mean, samples, total, mode, model, components or hierarchy");
            }
        }
        json.end();
        if (series == null || series.isEmpty()) {
            throw new Problem(Type.INVALID_VALUE, "expected at least one series", "/series");
        }
        return new ForecastBody(series, options, sums, components, hierarchy);
    }

    /** The series as the bottom of a hierarchy. */
    Hierarchy ofSeries() {
        for (int i = 0; i < series.size(); i++) {
            Item item = series.get(i);
            if (item.problem != null) throw item.problem;
            if (item.keys == null || item.keys.size() != hierarchy.size()) {
                throw new Problem(Type.INVALID_VALUE, "expected keys, one for each of the hierarchy",
                        "/series/" + i + "/keys");
            }
        }
        return Problem.refusing(Type.INVALID_VALUE, "/series",
                () -> Hierarchy.of(hierarchy, series.stream().map(Item::keys).toList()));
    }

    /** The series as one request, whose channels they are. */
    ForecastRequest together() {
        Item first = series.get(0);
        List<double[]> histories = new ArrayList<>();
        for (Item item : series) {
            String pointer = "/series/" + histories.size();
            double[][] history = item.request(options, Optional.empty(), pointer).history();
            boolean isMore = history.length > 1 || item.hasFuture() || components
                    || item.categories != null && !item.categories.isEmpty();
            if (isMore || !item.isLike(first)) {
                throw new Problem(Type.INVALID_VALUE,
                        "expected in a hierarchy one channel for each series, all of the same "
                                + "start, frequency, season and length (null is missing), without known_future, categories "
                                + "and components",
                        pointer);
            }
            histories.add(history[0]);
        }
        return first.request(options, Optional.empty(), "/series/0").withHistory(histories.toArray(double[][]::new));
    }

    long numbers() {
        return series.stream()
                .flatMap(item -> Stream.of(item.values, item.future))
                .filter(Objects::nonNull)
                .flatMap(rows -> Arrays.stream(rows.rows()))
                .mapToLong(row -> row.length)
                .sum();
    }

    private static List<Item> items(JsonBody json, Limits limits) throws IOException {
        List<Item> items = new ArrayList<>();
        json.beginArray();
        while (json.nextObject("series")) {
            if (items.size() == limits.channels()) {
                throw new Problem(Type.TOO_LARGE, "expected at most " + limits.channels() + " series", "/series");
            }
            items.add(item(json, limits));
        }
        return items;
    }

    private static Item item(JsonBody json, Limits limits) throws IOException {
        int depth = json.depth();
        String id = null;
        Temporal start = null;
        TemporalAmount frequency = null;
        int season = 0;
        Rows values = null;
        Rows future = null;
        int[] categorical = null;
        List<Object> categories = null;
        List<String> keys = null;
        try {
            for (String member = json.nextMember(); member != null; member = json.nextMember()) {
                switch (member) {
                    case "id" -> id = json.text(LONGEST);
                    case "start" -> start = time(json);
                    case "frequency" -> frequency = frequency(json);
                    case "season" -> season = json.integer(2, Integer.MAX_VALUE);
                    case "values" -> values = json.rows();
                    case "known_future" -> future = known(json);
                    case "categorical_drivers" -> categorical = indices(json, limits);
                    case "categories" -> categories = categories(json);
                    case "keys" -> keys = texts(json, json.pointer());
                    default -> throw json.unknown(member,
                            "id, start, frequency, season, values, known_future, categorical_drivers, categories or keys");
                }
            }
            return new Item(id, start, frequency, season, values, future, categorical, categories, keys, null);
        } catch (Problem problem) {
            if (problem.type() != Type.INVALID_VALUE) throw problem;
            // The id may come after what is wrong.
            String found = json.leaveWithText(depth - 1, "id", LONGEST);
            return new Item(id == null ? found : id, null, null, 0, null, null, null, null, null, problem);
        }
    }

    /** A time: with an offset, without, a date, or a month. */
    public static Temporal time(JsonBody json) throws IOException {
        String text = json.text(LONGEST);
        try {
            return time(text);
        } catch (DateTimeParseException e) {
            throw json.expected("a time such as 2024-01-01T00:00:00Z, 2024-01-01T00:00:00, 2024-01-01 or 2024-01");
        }
    }

    /** @throws DateTimeParseException when it is none */
    public static Temporal time(String text) {
        int clock = text.toUpperCase(Locale.ROOT).indexOf('T');
        if (clock < 0) { // the year may have a sign
            return text.indexOf('-', 1) == text.lastIndexOf('-') ? YearMonth.parse(text) : LocalDate.parse(text);
        }
        boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > clock || text.lastIndexOf('-') > clock;
        return offset ? OffsetDateTime.parse(text) : LocalDateTime.parse(text);
    }

    /** A frequency, in ISO 8601; business days are no amount of time that could be added to a start. */
    public static TemporalAmount frequency(JsonBody json) throws IOException {
        String text = json.text(LONGEST);
        try {
            Frequency frequency = Frequency.parse(text);
            if (frequency.equals(Frequency.BUSINESS_DAY)) throw new IllegalArgumentException(text);
            return frequency.toTemporalAmount().orElseThrow();
        } catch (IllegalArgumentException e) {
            throw json.expected("a frequency such as PT15M, PT1H, P1D, P1W, P1M or P1Y");
        }
    }

    /** The mode that a query names; balanced where it names none. */
    public static ForecastMode mode(Exchange exchange) {
        return mode(exchange.query("mode", ForecastMode.BALANCED.toString()), null);
    }

    private static ForecastMode mode(String name, String pointer) {
        try {
            return ForecastMode.of(name);
        } catch (IllegalArgumentException unknown) {
            throw new Problem(Type.INVALID_VALUE, "expected the mode " + ForecastMode.NAMES, pointer);
        }
    }

    static double[] levels(JsonBody json, Limits limits) throws IOException {
        double[] levels = json.numbers(limits.levels());
        int wrong = wrongLevel(levels);
        if (wrong < 0) return levels;
        throw new Problem(Type.INVALID_VALUE, "expected ascending levels above 0 and below 1", "/quantiles/" + wrong);
    }

    /** The place of the first number that is not above the one before, or not between 0 and 1; -1 for none. */
    static int wrongLevel(double[] levels) {
        for (int i = 0; i < levels.length; i++) {
            if (!(levels[i] > (i == 0 ? 0 : levels[i - 1]) && levels[i] < 1)) return i;
        }
        return -1;
    }

    private static Rows known(JsonBody json) throws IOException {
        Rows future = json.rows();
        for (int row = 0; row < future.rows().length; row++) {
            for (int step = 0; step < future.rows()[row].length; step++) {
                if (!Double.isNaN(future.rows()[row][step])) continue;
                throw new Problem(Type.INVALID_VALUE, "expected a number, as what is known has none missing",
                        json.pointer() + (future.flat() ? "/" : "/" + row + "/") + step);
            }
        }
        return future;
    }

    private static int[] indices(JsonBody json, Limits limits) throws IOException {
        double[] indices = json.numbers(limits.channels());
        for (double index : indices) {
            if (index >= 0 && index == (int) index) continue;
            throw new Problem(Type.INVALID_VALUE, "expected rows of known_future, from 0 on", json.pointer());
        }
        return Arrays.stream(indices).mapToInt(index -> (int) index).toArray();
    }

    private static List<String> texts(JsonBody json, String pointer) throws IOException {
        List<String> texts = new ArrayList<>();
        json.beginArray();
        while (json.nextElement()) {
            if (texts.size() == Hierarchy.MOST_KEYS) {
                throw new Problem(Type.TOO_LARGE, "expected at most " + Hierarchy.MOST_KEYS + " keys", pointer);
            }
            texts.add(json.currentText(LONGEST));
        }
        return texts;
    }

    private static List<Object> categories(JsonBody json) throws IOException {
        List<Object> categories = new ArrayList<>();
        json.beginArray();
        while (json.nextElement()) categories.add(json.currentTextOrCode(LONGEST));
        return categories;
    }
}
