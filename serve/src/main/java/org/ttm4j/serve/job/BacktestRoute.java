package org.ttm4j.serve.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.backtest.Backtest;
import org.ttm4j.eval.backtest.BacktestPlan;
import org.ttm4j.eval.backtest.BacktestPlan.Window;
import org.ttm4j.eval.backtest.BacktestReport;
import org.ttm4j.eval.backtest.BacktestSettings;
import org.ttm4j.eval.report.BacktestPage;
import org.ttm4j.eval.report.SeriesTable;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.forecast.ForecastBody;
import org.ttm4j.serve.forecast.Forecasting;
import org.ttm4j.serve.forecast.ModelRepository;
import org.ttm4j.serve.forecast.TableBody;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.http.Route;

/**
 * {@code /v1/backtests}: how good the forecasts of a table would have been so far, as a job. Thread-safe.
 *
 * @param models that are measured
 */
public record BacktestRoute(Jobs jobs, ModelRepository models, Memory memory) {
    private static final String PATH = "/v1/backtests";
    /** Runs of a model that a job may take: about five minutes of one core. */
    private static final long MOST_RUNS = 2_000_000;
    /** Bytes of a value of a series, and of the scores of a step of a channel by all methods. */
    private static final long VALUE_BYTES = 16;
    private static final long SCORE_BYTES = 2000;

    public List<Route> routes() {
        return jobs.routes(PATH, new Route("POST", PATH, Route.Access.READY, this::start),
                new Route("GET", PATH + "/{id}/report", Route.Access.TOKEN, this::report));
    }

    private record Subject(TimeSeries series, BacktestPlan plan) {}

    /** The reports of all series that could be measured. */
    private record Reports(List<BacktestReport> measured, List<Map<String, Object>> leftOut,
            boolean severalSeries) implements Supplier<Object> {
        @Override
        public Object get() {
            if (!severalSeries) return measured.get(0).json();
            List<Supplier<?>> series = new ArrayList<>();
            for (BacktestReport report : measured) series.add(report::json);
            return Json.object("series", series, "total", BacktestReport.Total.of(measured).json(), "left_out",
                    leftOut);
        }
    }

    private void start(Exchange exchange) throws IOException {
        String type = exchange.mediaType(Exchange.CSV, Exchange.WORKBOOK);
        BacktestSettings settings = settings(exchange);
        String model = exchange.query("model", ModelRepository.DEFAULT);
        ForecastMode mode = ForecastBody.mode(exchange);
        Forecaster forecaster = models.get(model, null).get(mode);
        String name = forecaster.info().combines() ? model + ", combined (" + mode + ")" : model;
        String title = exchange.query("title", "").isBlank() ? "table" : Printable.shortened(exchange.query("title"));
        TableBody.Table table = TableBody.read(exchange, type, forecaster, memory);
        int known = table.known().size();
        CsvFile csv = table.csv();
        exchange.series(csv.series().size());
        List<Map<String, Object>> leftOut = TableBody.leftOut(csv);
        List<Subject> subjects = new ArrayList<>();
        long bytes = 0;
        long runs = 0;
        for (TimeSeries all : csv.series()) {
            TimeSeries series = all.upToLast(all.channels().subList(0, all.channels().size() - known));
            try {
                BacktestPlan plan = settings.plan(series, forecaster);
                subjects.add(new Subject(series, plan));
                long channels = series.channels().size();
                bytes += channels * (VALUE_BYTES * series.length() + SCORE_BYTES * plan.origins().horizon());
                int context = Math.min(series.length(), plan.origins().context());
                runs += plan.origins().count()
                        * forecaster.cost(settings.rows(series.slice(series.length() - context, series.length()))
                                .withHorizon(plan.origins().horizon())).runs();
            } catch (IllegalArgumentException wrong) {
                String detail = wrong.getMessage().replace("--", "");
                if (csv.series().size() == 1) throw new Problem(Type.CANNOT_FORECAST, detail);
                leftOut.add(Json.object("id", series.id(), "detail", detail));
            }
        }
        if (subjects.isEmpty()) throw new Problem(Type.CANNOT_FORECAST, (String) leftOut.get(0).get("detail"));
        if (known > 0) runs *= 2;
        exchange.client().requireSize(csv.series().size(), runs);
        Forecasting.requireRuns(runs, MOST_RUNS, "ask for a larger stride, send fewer series, or take the mode fast");
        boolean several = csv.layout().id() != null;
        jobs.start(exchange, PATH, UUID.randomUUID().toString(), runs, bytes, job -> {
            List<BacktestReport> measured = new ArrayList<>();
            long windows = subjects.stream().mapToLong(one -> one.plan.origins().count()).sum() * (known > 0 ? 2 : 1);
            long[] done = new long[1];
            for (Subject one : subjects) {
                try {
                    measured.add(new BacktestReport(title, name, one.series,
                            new Backtest(settings.rows(one.series), one.plan, known, table.categorical(one.series)).run(
                                    rows -> forecaster, 1,
                                    more -> job.progress((done[0] += more) / (double) windows, null))));
                } catch (IllegalArgumentException wrong) {
                    if (subjects.size() == 1) throw wrong;
                    leftOut.add(Json.object("id", one.series.id(), "detail", wrong.getMessage()));
                }
            }
            if (measured.isEmpty()) throw new IllegalArgumentException((String) leftOut.get(0).get("detail"));
            return new Reports(measured, leftOut, several);
        });
    }

    private static BacktestSettings settings(Exchange exchange) {
        try {
            String window = exchange.query("window");
            if (window != null && !List.of("sliding", "expanding").contains(window)) {
                throw new IllegalArgumentException("window: expected sliding or expanding");
            }
            List<String> levels = exchange.queryList("levels");
            if (levels.size() > exchange.limits().levels()) {
                throw new IllegalArgumentException("levels: expected at most " + exchange.limits().levels());
            }
            return new BacktestSettings(exchange.query("horizon", 0, 1, exchange.limits().horizon()),
                    exchange.query("stride", 0, 1, BacktestSettings.MOST_ROWS),
                    BacktestSettings.start(exchange.query("start")),
                    "expanding".equals(window) ? Window.EXPANDING : Window.SLIDING, BacktestSettings.grid(levels), 0,
                    exchange.query("season", 0, 2, BacktestSettings.MOST_ROWS));
        } catch (IllegalArgumentException e) {
            throw new Problem(Type.INVALID_VALUE, "the query: " + e.getMessage());
        }
    }

    /** The page of one series, or without its number the table of all. */
    private void report(Exchange exchange) throws IOException {
        if (!(jobs.get(exchange, PATH).result() instanceof Reports reports)) {
            throw new Problem(Type.CONFLICT, "this backtest is not done");
        }
        List<BacktestReport> measured = reports.measured;
        int number = exchange.query("series", measured.size() == 1 ? 1 : 0, 0, measured.size());
        String page = number > 0
                ? BacktestPage.of(measured.get(number - 1), "")
                : new SeriesTable(measured).page(measured.get(0).file(),
                        IntStream.rangeClosed(1, measured.size()).mapToObj(i -> "?series=" + i).toList());
        exchange.send(200, "text/html;charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }
}
