package org.ttm4j.serve.forecast;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.ttm4j.data.grid.Categories;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Holidays;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.data.time.TimeOptions.Fill;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.ttm.train.Channels;
import org.ttm4j.ttm.train.Channels.Channel;

/** The body of a request that is a table or a workbook, and how its query says to read it. */
public final class TableBody {
    /** Memory for the rows of a table: so much for each byte of the body, from 2 MB to a sixteenth of the heap or 32 MB. */
    private static final int TABLE_BYTES = 200;
    private static final long LEAST_TABLE = 2 << 20;
    private static final long MOST_TABLE = Math.clamp(Runtime.getRuntime().maxMemory() / 16, LEAST_TABLE, 32 << 20);

    private static final ExecutorService WORKERS = Executors.newFixedThreadPool(2,
            Thread.ofPlatform().name("tables-", 0).daemon().factory());
    private static final int ZIP = 0x504b0304;
    private static final int GZIP = 0x1f8b;

    private TableBody() {}

    /**
     * The series of a body.
     *
     * @param known the columns whose future is known: those that the query names, and holidays. They are the last of each series
     * @param categories the texts of these
     */
    public record Table(CsvFile csv, List<String> known, Categories categories) {
        /** The places among the known columns of those whose numbers stand for texts or for kinds of holiday. */
        public int[] categorical(TimeSeries series) {
            return categories.among(known, series.axis());
        }
    }

    /**
     * Reads the series of a body to its end.
     *
     * @param type the media type of the body
     * @param forecaster whose channels are taken where the query names none
     * @throws Problem when it cannot be read
     */
    public static Table read(Exchange exchange, String type, Forecaster forecaster, Memory memory) throws IOException {
        byte[] body = exchange.body().readAllBytes();
        int first = body.length < Integer.BYTES ? 0 : ByteBuffer.wrap(body).getInt();
        // The reader would recognise by the first bytes what the media type does not announce.
        if (type.equals(Exchange.WORKBOOK) != (first == ZIP) || first >>> Short.SIZE == GZIP) {
            throw new Problem(Type.UNSUPPORTED_MEDIA_TYPE, "expected a table as " + Exchange.CSV + ", a workbook as "
                    + Exchange.WORKBOOK + ", and Content-Encoding: gzip for what is compressed");
        }
        List<String> known = known(exchange);
        Categories categories = new Categories(known);
        CsvOptions options = csvOptions(exchange, forecaster, known);
        CsvFile csv = read(body, known.isEmpty() ? options : options.withCategories(categories), memory);
        if (known.isEmpty()) return new Table(csv.withoutEmptyEnd(), known, categories);
        if (!forecaster.info().combines()) {
            throw new Problem(Type.INVALID_VALUE,
                    "known_future and holidays: expected the mode balanced, and a model that is not fine-tuned");
        }
        List<TimeSeries> series = Problem.refusing(Type.INVALID_VALUE, null,
                () -> csv.series().stream().map(one -> knownLast(one, known)).toList());
        return new Table(csv.withSeries(series), known, categories);
    }

    private static List<String> known(Exchange exchange) {
        List<String> known = new ArrayList<>(exchange.queryList("known_future"));
        try {
            for (String code : exchange.queryList("holidays")) known.add(Holidays.of(code).name());
        } catch (IllegalArgumentException e) {
            throw new Problem(Type.INVALID_VALUE, "holidays: " + e.getMessage());
        }
        return known;
    }

    private static TimeSeries knownLast(TimeSeries series, List<String> known) {
        for (String name : Holidays.others(known)) {
            if (!series.channels().contains(name)) {
                throw new IllegalArgumentException(
                        "known_future: expected a column of the table, found none " + Printable.quoted(name));
            }
        }
        List<String> channels = new ArrayList<>(series.channels());
        channels.removeAll(known);
        if (channels.isEmpty()) throw new IllegalArgumentException("known_future: expected a column to forecast too");
        channels.addAll(known);
        return Holidays.added(series, Holidays.among(known), true).select(channels);
    }

    /**
     * A series with known channels, up to the last row that has a value to forecast, and what is known behind it.
     *
     * @param names of its last channels, which are known
     * @param categorical the places among these of categories
     * @param future known channels × steps
     */
    record Known(TimeSeries history, List<String> names, int[] categorical, double[][] future) {
        /** A series of which nothing is known. */
        static Known nothing(TimeSeries series) {
            return new Known(series, List.of(), new int[0], null);
        }

        /**
         * @param horizon 0 for the usual, or as many steps as there are rows up to the last whole one
         * @param most steps that a forecast may have
         * @throws IllegalArgumentException when less is known, or more and no horizon is given
         */
        static Known of(Table table, TimeSeries series, int horizon, int most, Forecaster forecaster) {
            if (table.known.isEmpty()) return nothing(series);
            List<String> names = table.known;
            int targets = series.channels().size() - names.size();
            int end = series.select(series.channels().subList(0, targets)).observed();
            TimeSeries history = series.slice(0, end);
            int steps = horizon > 0 ? horizon : forecaster.horizon(SeriesRequest.of(history));
            List<String> columns = Holidays.others(names);
            if (!columns.isEmpty()) {
                TimeSeries known = series.select(columns).slice(end, series.length());
                if (horizon == 0 && known.untilWhole() > 0) steps = known.untilWhole();
                if (steps > most && known.untilWhole() > 0) {
                    throw new IllegalArgumentException("expected in the query a horizon from 1 to " + most
                            + ": without one, it is the " + steps + " rows behind the last value to forecast");
                }
                if (known.untilGap() < steps) {
                    throw new IllegalArgumentException("expected " + steps + " rows behind the last value to forecast, "
                            + "with the future of " + String.join(", ", columns) + "; found " + known.untilGap());
                }
            }
            double[][] future = new double[names.size()][];
            for (int i = 0; i < future.length; i++) {
                int channel = targets + i;
                future[i] = Holidays.others(names.subList(i, i + 1)).isEmpty()
                        ? Holidays.after(series, end, steps, names.get(i), true)
                        : Arrays.copyOfRange(series.doubleChannel(channel), end, end + steps);
            }
            return new Known(history, names, table.categorical(series), future);
        }

        ForecastRequest request() {
            ForecastRequest request = SeriesRequest.of(history);
            return names.isEmpty()
                    ? request
                    : request.withKnownFuture(future).withCategoricalDrivers(categorical).withHorizon(future[0].length);
        }
    }

    private static CsvFile read(byte[] body, CsvOptions options, Memory all) throws IOException {
        long rows = Math.clamp((long) TABLE_BYTES * body.length, LEAST_TABLE, MOST_TABLE);
        try (Memory.Share memory = all.share()) {
            memory.reserve(rows);
            return apart(WORKERS, () -> CsvReader.read(new ByteArrayInputStream(body), "body", options, rows));
        } catch (DataException at) {
            boolean isNamed = at.problem().startsWith("no such column");
            throw new Problem(isNamed ? Type.INVALID_VALUE : Type.MALFORMED_BODY, inQuery(at.getMessage()));
        }
    }

    /** Runs work of seconds apart from the virtual thread of a request, which would keep its carrier from others. */
    static <T> T apart(ExecutorService workers, Callable<T> work) throws IOException {
        try {
            return workers.submit(work).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) throw failure;
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the service stops");
        }
    }

    /** What is said of a table, where options of the program are parameters of the query if that has them. */
    public static String inQuery(String message) {
        // Only the program joins the rows of a step.
        return message.replaceFirst("; [^;]* with --resample .*", "")
                .replaceAll("(?<![^ (])--(id|time|fill|target) (?!names)", "$1=")
                .replaceAll("(?<![^ (])--(id|time|fill|target)\\b", "$1 in the query")
                .replaceFirst("(?<![^ (])--(?=[a-z])", "bin/ttm's --");
    }

    /** The series of a table that could not be read, as an answer names them; others can be added. */
    public static List<Map<String, Object>> leftOut(CsvFile csv) {
        List<Map<String, Object>> leftOut = new ArrayList<>();
        for (DataException unread : csv.rejected()) leftOut.add(Json.object("detail", inQuery(unread.getMessage())));
        return leftOut;
    }

    private static CsvOptions csvOptions(Exchange exchange, Forecaster forecaster, List<String> known) {
        List<String> targets = exchange.queryList("target");
        List<String> columns = !targets.isEmpty()
                ? Stream.concat(targets.stream(), Holidays.others(known).stream()).distinct().toList()
                : forecaster.info()
                        .channels()
                        .map(Channels::inputs)
                        .orElse(List.of())
                        .stream()
                        .map(Channel::name)
                        .toList();
        // Values in JSON mean themselves too, and an answer has no place to say which were taken as missing.
        return CsvOptions.defaults()
                .keepingFillValues()
                .withTimes(TimeOptions.UNKNOWN.withFill(fill(exchange.query("fill"))))
                .withTime(exchange.query("time"))
                .withTargets(columns)
                .withId(ids(exchange));
    }

    /** The columns of ids: those of the hierarchy, where there is one. */
    private static String ids(Exchange exchange) {
        String id = exchange.query("id");
        String hierarchy = exchange.query("hierarchy");
        if (hierarchy == null || hierarchy.equals(id)) return id;
        if (id == null) return hierarchy;
        throw new Problem(Type.INVALID_VALUE, "give either hierarchy or id, not both");
    }

    private static Fill fill(String text) {
        if (text == null) return null;
        for (Fill fill : Fill.values()) if (fill.name().toLowerCase(Locale.ROOT).equals(text)) return fill;
        throw new Problem(Type.INVALID_VALUE, "expected in the query fill as zero, interpolate or missing");
    }
}
