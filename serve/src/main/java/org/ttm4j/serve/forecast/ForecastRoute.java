package org.ttm4j.serve.forecast;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.ForecastTable;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.forecast.ForecastBody.Item;
import org.ttm4j.serve.forecast.ForecastBody.Options;
import org.ttm4j.serve.forecast.Forecasting.Order;
import org.ttm4j.serve.forecast.Forecasting.Outcome;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.model.Batcher;
import org.ttm4j.serve.model.ModelRepository;
import org.ttm4j.serve.model.ServedModel;
import org.ttm4j.serve.settings.Limits;
import org.ttm4j.ttm.train.Channels.Channel;
import org.ttm4j.ttm.train.Channels;

/**
 * {@code POST /v1/forecast}: series in, forecasts out, as JSON or as tables; a table is also answered in JSON, where the client
 * asks for that. Thread-safe.
 */
public final class ForecastRoute {
    /** The header that says how many series of a table could not be forecast. */
    private static final String LEFT_OUT = "Ttm-Left-Out";
    /** Memory for the rows of a table: so much for each byte of the body, from 2 MB to a sixteenth of the heap or 32 MB. */
    private static final int TABLE_BYTES = 200;
    private static final long LEAST_TABLE = 2 << 20;
    private static final long MOST_TABLE = Math.clamp(Runtime.getRuntime().maxMemory() / 16, LEAST_TABLE, 32 << 20);

    /** Reads tables: one may take seconds, in which a thread of requests would keep its carrier from all others. */
    private static final ExecutorService READING = Executors.newFixedThreadPool(2,
            Thread.ofPlatform().name("tables-", 0).daemon().factory());
    private static final int LONGEST_HISTORY = 10_000;
    private static final int ZIP = 0x504b0304;
    private static final int GZIP = 0x1f8b;

    private final ModelRepository models;
    private final Forecasting forecasting;

    /** Forecasts with these models. */
    public ForecastRoute(ModelRepository models, Forecasting forecasting) {
        this.models = models;
        this.forecasting = forecasting;
    }

    /** Answers a request. */
    public void answer(Exchange exchange) throws IOException {
        try (Batcher.Arrival arrival = forecasting.batcher().arrive(exchange::whenGone)) {
            String type = exchange.mediaType(Exchange.JSON, Exchange.CSV, Exchange.WORKBOOK);
            if (type.equals(Exchange.JSON)) json(exchange, arrival);
            else table(exchange, arrival, type);
        }
    }

    private void json(Exchange exchange, Batcher.Arrival arrival) throws IOException {
        if (!exchange.accepts(Exchange.JSON)) {
            throw new Problem(Type.NOT_ACCEPTABLE, "expected Accept: application/json");
        }
        ForecastBody body = ForecastBody.read(exchange.jsonBody(), exchange.limits(), ModelRepository.DEFAULT);
        exchange.kept(body.numbers());
        ServedModel model = models.get(body.options().model(), "/model");
        Forecaster forecaster = model.in(body.options().mode());
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < body.series().size(); i++) {
            orders.add(order(body.series().get(i), body.options(), forecaster, "/series/" + i));
        }
        exchange.series(orders.size());
        List<Outcome> outcomes = forecasting.forecast(arrival, forecaster, orders, "/series");
        List<Map<String, Object>> forecasts = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Item item = body.series().get(i);
            Outcome outcome = outcomes.get(i);
            Map<String, Object> members = Json.object("id", item.id());
            if (outcome.problem() != null) members.put("error", outcome.problem().members());
            else members.putAll(ForecastJson.members(outcome.forecast(), item.values().flat()));
            forecasts.add(members);
        }
        exchange.sendObject(Json.object("forecasts", forecasts));
    }

    private static Order order(Item item, Options options, Forecaster forecaster, String pointer) {
        try {
            return new Order(item.request(options, forecaster.info().channels(), pointer), null);
        } catch (Problem problem) {
            return new Order(null, problem);
        }
    }

    private void table(Exchange exchange, Batcher.Arrival arrival, String type) throws IOException {
        boolean asTable = exchange.accepts(Exchange.CSV);
        if (!asTable && !exchange.accepts(Exchange.JSON)) {
            throw new Problem(Type.NOT_ACCEPTABLE, "expected Accept: text/csv or application/json");
        }
        int history = history(exchange);
        Options options = options(exchange);
        Forecaster forecaster = models.get(options.model(), null).in(options.mode());
        byte[] body = exchange.body().readAllBytes();
        checkForm(body, type);
        CsvFile csv = read(body, csvOptions(exchange, forecaster));
        List<Order> orders = new ArrayList<>();
        for (TimeSeries series : csv.series()) orders.add(new Order(request(series, options), null));
        exchange.series(orders.size());
        List<Outcome> outcomes = forecasting.forecast(arrival, forecaster, orders, "");
        if (!asTable) {
            exchange.sendObject(TableJson.members(csv, outcomes, history));
            return;
        }
        List<TimeSeries> series = new ArrayList<>();
        List<Forecast> forecasts = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).problem() != null) continue;
            series.add(csv.series().get(i));
            forecasts.add(outcomes.get(i).forecast());
        }
        if (forecasts.isEmpty()) throw new Problem(Type.CANNOT_FORECAST, outcomes.get(0).problem().getMessage());
        StringWriter text = new StringWriter();
        new ForecastTable(csv.withSeries(series), forecasts).writeTo(text);
        exchange.answerHeader(LEFT_OUT, Integer.toString(csv.rejected().size() + outcomes.size() - forecasts.size()));
        exchange.send(200, Exchange.CSV + ";charset=utf-8", text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Refuses what the reader would recognise by its first bytes and the media type does not announce. */
    private static void checkForm(byte[] body, String type) {
        int first = body.length < Integer.BYTES ? 0 : ByteBuffer.wrap(body).getInt();
        if (type.equals(Exchange.WORKBOOK) == (first == ZIP) && first >>> Short.SIZE != GZIP) return;
        throw new Problem(Type.UNSUPPORTED_MEDIA_TYPE, "expected a table as " + Exchange.CSV + ", a workbook as "
                + Exchange.WORKBOOK + ", and Content-Encoding: gzip for what is compressed");
    }

    private CsvFile read(byte[] body, CsvOptions options) throws IOException {
        long rows = Math.clamp((long) TABLE_BYTES * body.length, LEAST_TABLE, MOST_TABLE);
        try (Memory.Share memory = forecasting.batcher().memory().share()) {
            memory.reserve(rows);
            return READING.submit(() -> CsvReader.read(new ByteArrayInputStream(body), "body", options, rows)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DataException at) throw new Problem(Type.MALFORMED_BODY, at.getMessage());
            throw new IllegalStateException("a table cannot be read", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the service stops");
        }
    }

    private static CsvOptions csvOptions(Exchange exchange, Forecaster forecaster) {
        String target = exchange.query("target");
        List<String> columns = target != null
                ? List.of(target.split(","))
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
                .withTime(exchange.query("time"))
                .withTargets(columns)
                .withId(exchange.query("id"));
    }

    private static ForecastRequest request(TimeSeries series, Options options) {
        ForecastRequest request = options.on(ForecastRequest.of(series.doubleValues()));
        return request.withKnownFrequency(series.axis().frequency().toTemporalAmount());
    }

    /** How many of the last steps of each series an answer in JSON repeats. */
    private static int history(Exchange exchange) {
        String text = exchange.query("history");
        try {
            int steps = text == null ? 0 : Integer.parseInt(text);
            if (steps >= 0 && steps <= LONGEST_HISTORY) return steps;
        } catch (NumberFormatException notANumber) {
            // Reported below, with the numbers that are out of bounds.
        }
        throw new Problem(Type.INVALID_VALUE, "expected in the query a history from 0 to " + LONGEST_HISTORY);
    }

    private static Options options(Exchange exchange) {
        Limits limits = exchange.limits();
        String mode = exchange.query("mode");
        String model = exchange.query("model");
        String horizon = exchange.query("horizon");
        String quantiles = exchange.query("quantiles");
        try {
            int steps = horizon == null ? 0 : Integer.parseInt(horizon);
            if (horizon != null && (steps < 1 || steps > limits.horizon())) throw new NumberFormatException();
            return new Options(model == null ? ModelRepository.DEFAULT : model,
                    mode == null ? ForecastMode.BALANCED : ServedModel.mode(mode, null), steps,
                    levels(quantiles, limits));
        } catch (NumberFormatException e) {
            throw new Problem(Type.INVALID_VALUE, "expected in the query a horizon from 1 to " + limits.horizon()
                    + ", and quantiles as ascending numbers above 0 and below 1 between commas");
        }
    }

    private static double[] levels(String text, Limits limits) {
        if (text == null) return new double[0];
        String[] parts = text.split(",", -1);
        if (parts.length > limits.levels()) throw new NumberFormatException();
        double[] levels = new double[parts.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = Double.parseDouble(parts[i]);
            if (!(levels[i] > (i == 0 ? 0 : levels[i - 1]) && levels[i] < 1)) throw new NumberFormatException();
        }
        return levels;
    }
}
