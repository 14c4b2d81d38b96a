package org.ttm4j.serve.forecast;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.table.HierarchyTable;
import org.ttm4j.eval.table.IsoTimes;
import org.ttm4j.eval.table.SeriesRequest;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.Total;
import org.ttm4j.forecast.hierarchy.Hierarchy;
import org.ttm4j.forecast.interval.ConformalIntervals;
import org.ttm4j.serve.forecast.ForecastBody.Item;
import org.ttm4j.serve.forecast.ForecastBody.Options;
import org.ttm4j.serve.forecast.Forecasting.Outcome;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;

/**
 * {@code POST /v1/forecast}: series in, forecasts out, as JSON or as tables; a table is also answered in JSON, where the client
 * asks for that. Thread-safe.
 *
 * @param models by which it forecasts
 */
public record ForecastRoute(ModelRepository models, Forecasting forecasting) {
    /** The header that says how many series of a table could not be forecast. */
    private static final String LEFT_OUT = "Ttm-Left-Out";
    private static final int LONGEST_HISTORY = 10_000;
    private static final ExecutorService RECONCILING = Executors.newFixedThreadPool(2,
            Thread.ofPlatform().name("reconciling-", 0).daemon().factory());

    public void answer(Exchange exchange) throws IOException {
        String answerType;
        byte[] content;
        try (Batcher.Arrival arrival = forecasting.batcher().arrive(exchange.client(), exchange::whenGone)) {
            String type = exchange.mediaType(Exchange.JSON, Exchange.CSV, Exchange.WORKBOOK);
            boolean isJson = type.equals(Exchange.JSON);
            answerType = isJson || !isTableWanted(exchange) ? Exchange.JSON : Exchange.CSV + ";charset=utf-8";
            content = isJson ? Json.bytes(json(exchange, arrival)) : table(exchange, arrival, type);
        }
        // Behind the block whose variables hold the forecasts: a client may take its answer slowly.
        exchange.send(200, answerType, content);
    }

    private Map<String, Object> json(Exchange exchange, Batcher.Arrival arrival) throws IOException {
        if (exchange.accepted(Exchange.JSON) == null) {
            throw new Problem(Type.NOT_ACCEPTABLE, "expected Accept: application/json");
        }
        exchange.requireQuery(Set.of()); // it is for tables
        ForecastBody body = ForecastBody.read(exchange.jsonBody(), exchange.limits(), ModelRepository.DEFAULT);
        exchange.kept(body.numbers());
        Forecaster forecaster = body.options().forecaster(models, "/model");
        body.sums().requireCombined(forecaster);
        if (!body.hierarchy().isEmpty()) {
            return hierarchy(exchange, arrival, body, forecaster);
        }
        List<Item> series = body.series();
        exchange.series(series.size());
        List<Outcome> outcomes = forecasting.forecast(exchange, arrival, forecaster, series.size(), i -> {
            ForecastRequest request = body.sums()
                    .on(series.get(i).request(body.options(), forecaster.info().channels(), "/series/" + i));
            return body.components() ? request.withComponents() : request;
        }, i -> "/series/" + i);
        List<Map<String, Object>> forecasts = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            Outcome outcome = outcomes.get(i);
            Map<String, Object> members = Json.object("id", series.get(i).id());
            if (outcome.problem() != null) members.put("error", outcome.problem().members());
            else
                members.putAll(members(outcome.forecast(), body.sums(), series.get(i).values().flat(), "/series/" + i));
            forecasts.add(members);
        }
        return Json.object("forecasts", forecasts);
    }

    private Map<String, Object> hierarchy(Exchange exchange, Batcher.Arrival arrival, ForecastBody body,
            Forecaster forecaster) throws IOException {
        Hierarchy hierarchy = body.ofSeries();
        ForecastRequest bottom = body.sums().on(body.together());
        exchange.series(body.series().size());
        int sums = hierarchy.names().size() - body.series().size();
        forecasting.reserveHistories(exchange, hierarchy.names().size(), bottom.steps());
        List<Forecast> made = reconciled(exchange, arrival, forecaster, hierarchy, List.of(bottom));
        List<Map<String, Object>> forecasts = new ArrayList<>();
        for (String name : hierarchy.names()) {
            Forecast node = Hierarchy.ofNode(forecasts.size(), bottom, made);
            String id = forecasts.size() < sums ? null : body.series().get(forecasts.size() - sums).id();
            Map<String, Object> members = Json.object("id", id == null ? name : id);
            members.putAll(members(node, body.sums(), true, null));
            forecasts.add(members);
        }
        return Json.object("forecasts", forecasts);
    }

    /** The forecasts of all nodes for each request of the bottom series. */
    private List<Forecast> reconciled(Exchange exchange, Batcher.Arrival arrival, Forecaster forecaster,
            Hierarchy hierarchy, List<ForecastRequest> requests) throws IOException {
        List<ForecastRequest> nodes;
        try {
            nodes = requests.stream().map(bottom -> hierarchy.request(forecaster, bottom)).toList();
        } catch (IllegalArgumentException e) {
            throw new Problem(Type.CANNOT_FORECAST, "hierarchy: " + e.getMessage());
        }
        List<Outcome> made = forecasting.forecast(exchange, arrival, forecaster, nodes.size(), nodes::get, row -> null);
        for (Outcome one : made) if (one.problem() != null) throw one.problem();
        return TableBody.apart(RECONCILING, () -> {
            List<Forecast> columns = new ArrayList<>();
            for (Outcome one : made) {
                if (arrival.cancelled) throw Forecasting.gone();
                columns.add(hierarchy.reconciled(requests.get(columns.size()), one.forecast()));
            }
            return columns;
        });
    }

    private static Map<String, Object> members(Forecast forecast, Sums sums, boolean flat, String pointer) {
        try {
            Map<String, Object> members = ForecastJson.members(forecast, flat);
            List<Temporal> times = forecast.times().orElse(null);
            members.putAll(sums.members(forecast, period -> Total.of(forecast, period),
                    times == null ? null : step -> IsoTimes.text(times.get(step)), flat, pointer));
            return members;
        } catch (Problem noTotals) {
            return Json.object("error", noTotals.members());
        }
    }

    private static boolean isTableWanted(Exchange exchange) {
        String type = exchange.accepted(Exchange.CSV, Exchange.JSON);
        if (type != null) return type.equals(Exchange.CSV);
        throw new Problem(Type.NOT_ACCEPTABLE, "expected Accept: text/csv or application/json");
    }

    private byte[] table(Exchange exchange, Batcher.Arrival arrival, String type) throws IOException {
        boolean asTable = isTableWanted(exchange);
        int history = exchange.query("history", 0, 0, LONGEST_HISTORY);
        Options asked = options(exchange);
        Sums sums = Sums.of(exchange);
        Forecaster forecaster = asked.forecaster(models, null);
        double[] deciles = ConformalIntervals.deciles();
        boolean isUsual = asked.levels().length == 0 && forecaster.info().makesQuantiles(deciles);
        Options options = isUsual ? new Options(asked.model(), asked.mode(), asked.horizon(), deciles) : asked;
        sums.requireCombined(forecaster);
        if (exchange.queryTruth("components") && (asTable || exchange.query("hierarchy") != null)) {
            throw new Problem(Type.INVALID_VALUE, "components: expected Accept: application/json, and no hierarchy");
        }
        TableBody.Table table = TableBody.read(exchange, type, forecaster, forecasting.batcher().memory());
        Answered answered = exchange.query("hierarchy") == null
                ? byItself(exchange, arrival, forecaster, table, options, sums)
                : ofHierarchy(exchange, arrival, forecaster, table, options, sums);
        CsvFile csv = answered.csv;
        List<Outcome> outcomes = answered.outcomes;
        if (!asTable) {
            return Json.bytes(ForecastJson.members(csv, answered.known, outcomes, history, sums));
        }
        List<TimeSeries> series = new ArrayList<>();
        List<Forecast> forecasts = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).problem() != null) continue;
            series.add(csv.series().get(i));
            forecasts.add(outcomes.get(i).forecast());
        }
        StringWriter text = new StringWriter();
        sums.write(csv.withSeries(series), forecasts, text);
        exchange.answerHeader(LEFT_OUT, Integer.toString(csv.rejected().size() + outcomes.size() - forecasts.size()));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A table with what is known of each series, and its forecast or problem. */
    private record Answered(CsvFile csv, List<TableBody.Known> known, List<Outcome> outcomes) {}

    private Answered byItself(Exchange exchange, Batcher.Arrival arrival, Forecaster forecaster, TableBody.Table table,
            Options options, Sums sums) {
        CsvFile csv = table.csv();
        boolean components = exchange.queryTruth("components");
        List<TableBody.Known> tables = new ArrayList<>();
        exchange.series(csv.series().size());
        List<Outcome> outcomes = forecasting.forecast(exchange, arrival, forecaster, csv.series().size(), row -> {
            TimeSeries series = csv.series().get(row);
            tables.add(TableBody.Known.nothing(series));
            return Problem.refusing(Type.INVALID_VALUE, null, () -> {
                TableBody.Known known = TableBody.Known.of(table, series, options.horizon(),
                        exchange.limits().horizon(), forecaster);
                ForecastRequest request = SeriesRequest.within(sums.on(options.on(known.request())),
                        known.history().channels());
                tables.set(row, known);
                return components ? request.withComponents() : request;
            });
        }, row -> null);
        if (outcomes.stream().allMatch(outcome -> outcome.problem() != null)) {
            Problem first = outcomes.get(0).problem();
            throw outcomes.size() == 1 ? first : new Problem(Type.CANNOT_FORECAST, first.getMessage());
        }
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome one = outcomes.get(i);
            if (one.problem() != null) continue;
            outcomes.set(i, new Outcome(SeriesRequest.noted(one.forecast(), tables.get(i).history()), null));
        }
        return new Answered(csv.withSeries(tables.stream().map(TableBody.Known::history).toList()), tables, outcomes);
    }

    private Answered ofHierarchy(Exchange exchange, Batcher.Arrival arrival, Forecaster forecaster,
            TableBody.Table read, Options options, Sums sums) throws IOException {
        CsvFile csv = read.csv();
        if (!read.known().isEmpty()) {
            throw new Problem(Type.INVALID_VALUE, "hierarchy: expected without known_future and holidays");
        }
        forecasting.reserveHistories(exchange, csv.series().size(), 0);
        HierarchyTable table = Problem.refusing(Type.INVALID_VALUE, null,
                () -> new HierarchyTable(csv,
                        (channels, steps) -> forecasting.reserveHistories(exchange, channels, steps),
                        series -> sums.on(options.on(SeriesRequest.of(series)))));
        exchange.series(csv.series().size());
        List<Forecast> byColumn = reconciled(exchange, arrival, forecaster, table.hierarchy(), table.requests());
        CsvFile nodes = table.nodes(byColumn.get(0).horizon());
        return new Answered(nodes, nodes.series().stream().map(TableBody.Known::nothing).toList(),
                table.forecasts(byColumn).stream().map(of -> new Outcome(of, null)).toList());
    }

    private static Options options(Exchange exchange) {
        int horizon = exchange.query("horizon", 0, 1, exchange.limits().horizon());
        return new Options(exchange.query("model", ModelRepository.DEFAULT), ForecastBody.mode(exchange), horizon,
                levels(exchange.query("quantiles"), exchange.limits().levels()));
    }

    private static double[] levels(String text, int most) {
        if (text == null) return new double[0];
        try {
            double[] levels = Arrays.stream(text.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
            if (levels.length <= most && ForecastBody.wrongLevel(levels) < 0) return levels;
        } catch (NumberFormatException notANumber) {
            // Refused below, with the numbers that are no levels.
        }
        throw new Problem(Type.INVALID_VALUE, "expected in the query quantiles as at most " + most
                + " ascending numbers above 0 and below 1 between commas");
    }
}
