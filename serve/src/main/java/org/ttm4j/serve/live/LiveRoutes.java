package org.ttm4j.serve.live;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.ttm4j.eval.table.IsoTimes;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.forecast.Batcher;
import org.ttm4j.serve.forecast.ForecastBody;
import org.ttm4j.serve.forecast.ForecastJson;
import org.ttm4j.serve.forecast.Forecasting;
import org.ttm4j.serve.forecast.Forecasting.Outcome;
import org.ttm4j.serve.forecast.ModelRepository;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.JsonBody;
import org.ttm4j.serve.http.Listeners;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.http.Route;
import org.ttm4j.serve.http.Route.Access;
import org.ttm4j.serve.live.KeptSeries.Series;
import org.ttm4j.serve.live.KeptSeries.SeriesSettings;
import org.ttm4j.serve.live.KeptSeries.Timed;
import org.ttm4j.serve.live.SeriesStore.StoreException;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Limits;

/** The routes of series that are kept and arrive value by value. Values are taken before the models are warm. Thread-safe. */
public final class LiveRoutes implements AutoCloseable {
    private static final int PAGE = 100;
    private static final int LONGEST_PAGE = 1000;
    /** The pause before a message that a webhook did not take is sent again. */
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ModelRepository models;
    private final Forecasting forecasting;
    /** Null when no series are kept. */
    private final KeptSeries series;
    private final Listeners listeners;
    private final Webhooks webhooks;
    /** Null when no series are kept. */
    private final AnomalyWatch watch;
    private final LongAdder received = new LongAdder();

    /**
     * Opens the store, and lets the metrics say whether it works, and what it has taken.
     *
     * @throws IOException when it cannot be
     */
    public LiveRoutes(ModelRepository models, Forecasting forecasting, Settings settings, MeterRegistry metrics)
            throws IOException {
        this.models = models;
        this.forecasting = forecasting;
        series = settings.store() == null ? null : KeptSeries.open(settings.store(), forecasting.limits());
        listeners = new Listeners(forecasting.limits().listeners());
        webhooks = new Webhooks(settings.background(), RETRY, PATIENCE, forecasting.log());
        watch = series == null ? null : new AnomalyWatch(series, models, this::found, forecasting.log());
        if (series == null) return;
        Gauge.builder("ttm4j.store.writable", series, store -> store.isWritable() ? 1 : 0)
                .description("Whether the store of series can be written")
                .register(metrics);
        FunctionCounter.builder("ttm4j.store.values", received, LongAdder::sum)
                .description("Values of series that were received")
                .register(metrics);
    }

    private void found(String id, List<Map<String, Object>> anomalies) {
        webhooks.send(Json.bytes(Json.object("series", id, "anomalies", anomalies)));
        listeners.changed(id);
    }

    public List<Route> routes() {
        return List.of(route("GET", "/v1/series", Access.TOKEN, this::list),
                route("PUT", "/v1/series/{id}", Access.TOKEN, this::put),
                route("GET", "/v1/series/{id}", Access.TOKEN,
                        exchange -> exchange.sendObject(members(series.get(exchange.name("id"), 1)))),
                route("DELETE", "/v1/series/{id}", Access.TOKEN, this::delete),
                route("POST", "/v1/series/{id}/values", Access.TOKEN, this::add),
                route("GET", "/v1/series/{id}/values", Access.TOKEN, this::values),
                route("GET", "/v1/series/{id}/anomalies", Access.TOKEN, this::anomalies),
                route("GET", "/v1/series/{id}/forecast", Access.READY, this::forecast),
                route("GET", "/v1/series/{id}/events", Access.READY, this::events));
    }

    private Route route(String method, String path, Access access, Route.Endpoint endpoint) {
        return new Route(method, path, access, exchange -> {
            if (series == null) throw new Problem(Type.CONFLICT, "this service was started without a store of series");
            try {
                endpoint.answer(exchange);
            } catch (StoreException e) {
                forecasting.log().failure(exchange.id(), e.getCause() == null ? e : e.getCause());
                series.isWritable();
                throw new Problem(Type.UNAVAILABLE, "the store of series does not answer; nothing was changed")
                        .retryAfter(1);
            }
        });
    }

    /** @throws Problem while the store of series fails */
    public void requireWritable() {
        if (series == null || series.isWritable()) return;
        throw new Problem(Type.UNAVAILABLE, "the store of series cannot be written").retryAfter(1);
    }

    private void list(Exchange exchange) throws IOException {
        int most = exchange.query("limit", PAGE, 1, LONGEST_PAGE);
        List<String> ids = series.ids(exchange.queryName("after"), most + 1);
        List<Map<String, Object>> found = new ArrayList<>();
        for (String id : ids.subList(0, Math.min(most, ids.size()))) {
            try {
                found.add(members(series.get(id, 1)));
            } catch (Problem deletedOrUnreadable) {
                continue;
            }
        }
        exchange.sendObject(Json.object("series", found, "next", ids.size() > most ? ids.get(most - 1) : null));
    }

    private static Map<String, Object> members(Series one) {
        Map<String, Object> members = Json.object("id", one.id());
        members.putAll(one.settings().members());
        if (one.last() != null) members.put("last", IsoTimes.text(one.last()));
        return members;
    }

    private void put(Exchange exchange) throws IOException {
        String id = exchange.name("id");
        SeriesSettings settings = SeriesSettings.read(exchange.jsonBody(), exchange.limits(), ModelRepository.DEFAULT);
        models.require(settings.options().model(), "/model");
        if (models.isLoaded(settings.options().model())) {
            try {
                settings.options().forecaster(models, null).info().requireHistoryOnly(1);
            } catch (IllegalArgumentException neverForecast) {
                throw new Problem(Type.CANNOT_FORECAST, neverForecast.getMessage(), "/model");
            }
        }
        boolean isNew = series.put(id, settings);
        if (settings.anomalies() == 0) watch.forget(id);
        listeners.changed(id);
        Series now = series.get(id, 1);
        exchange.send(isNew ? 201 : 200, Exchange.JSON, Json.bytes(members(now)));
    }

    private void delete(Exchange exchange) throws IOException {
        String id = exchange.name("id");
        series.delete(id);
        listeners.deleted(id);
        watch.forget(id);
        exchange.sendNothing();
    }

    private void add(Exchange exchange) throws IOException {
        String id = exchange.name("id");
        List<Timed> values = readValues(exchange.jsonBody(), exchange.limits());
        KeptSeries.Added added = series.add(id, values);
        received.add(values.size());
        listeners.changed(id);
        if (added.judged()) watch.added(id, added.after(), added.last());
        exchange.sendObject(Json.object("received", values.size(), "dropped", added.dropped()));
    }

    private static List<Timed> readValues(JsonBody json, Limits limits) throws IOException {
        List<Timed> values = null;
        json.beginObject();
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            if (!member.equals("values")) throw json.unknown(member, "values");
            values = new ArrayList<>();
            json.beginArray();
            while (json.nextObject("value")) {
                if (values.size() == limits.history()) {
                    throw new Problem(Type.TOO_LARGE, "expected at most " + limits.history() + " values", "/values");
                }
                values.add(readValue(json));
            }
        }
        json.end();
        if (values == null || values.isEmpty()) {
            throw new Problem(Type.INVALID_VALUE, "expected at least one value", "/values");
        }
        return values;
    }

    private static Timed readValue(JsonBody json) throws IOException {
        String pointer = json.pointer();
        Temporal time = null;
        Double value = null;
        for (String member = json.nextMember(); member != null; member = json.nextMember()) {
            switch (member) {
                case "time" -> time = ForecastBody.time(json);
                case "value" -> value = json.number();
                default -> throw json.unknown(member, "time or value");
            }
        }
        if (time == null || value == null) {
            throw new Problem(Type.INVALID_VALUE, "expected a time and a value; null when it is missing", pointer);
        }
        return new Timed(time, value);
    }

    private void values(Exchange exchange) throws IOException {
        Series one = series.get(exchange.name("id"), KeptSeries.KEPT);
        Iterable<Object> values = () -> IntStream.range(0, one.points().steps().length)
                .mapToObj(i -> (Object) Json.object("time", IsoTimes.text(one.grid().timeOf(one.points().steps()[i])),
                        "value", one.points().values()[i]))
                .iterator();
        exchange.sendObject(Json.object("values", values));
    }

    private void anomalies(Exchange exchange) throws IOException {
        String id = exchange.name("id");
        series.get(id, 1);
        exchange.sendObject(Json.object("anomalies", watch.of(id)));
    }

    private void forecast(Exchange exchange) throws IOException {
        Map<String, Object> answer = forecast(exchange, series.get(exchange.name("id"), KeptSeries.KEPT),
                exchange::whenGone);
        exchange.series(1);
        exchange.sendObject(answer);
    }

    /** The members of the forecast of a series, for a client that is watched so. */
    private Map<String, Object> forecast(Exchange exchange, Series one, Consumer<Runnable> watch) {
        Forecaster forecaster = one.settings().options().forecaster(models, null);
        try (Batcher.Arrival arrival = forecasting.batcher().arrive(exchange.client(), watch)) {
            ForecastRequest request = one.request();
            // Its own, since a history that grows must not lengthen the answer.
            int horizon = forecaster.fast().horizon(request);
            Outcome outcome = forecasting
                    .forecast(exchange, arrival, forecaster, 1, only -> request.withHorizon(horizon), only -> null)
                    .get(0);
            if (outcome.problem() != null) {
                throw new Problem(outcome.problem().type(), outcome.problem().getMessage());
            }
            Map<String, Object> members = Json.object("id", one.id(), "last", IsoTimes.text(one.last()));
            members.putAll(ForecastJson.members(outcome.forecast(), true));
            // By the grid of its values: months counted from the first one kept can have other days.
            members.put("times",
                    LongStream.rangeClosed(1, outcome.forecast().horizon())
                            .mapToObj(h -> IsoTimes.text(one.grid().timeOf(one.points().last() + h)))
                            .toList());
            return members;
        } catch (IllegalArgumentException e) {
            throw new Problem(Type.CANNOT_FORECAST, e.getMessage());
        }
    }

    private void events(Exchange exchange) throws IOException {
        String id = exchange.name("id");
        series.get(id, 1);
        try (Listeners.Listener listener = listeners.listen(id); OutputStream out = exchange.events()) {
            while (!listener.isEnded()) {
                boolean changed = listener.awaitChange();
                if (listener.isEnded()) return;
                exchange.write(out, changed ? event(exchange, id, listener) : Listeners.event(null, null));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] event(Exchange exchange, String id, Listeners.Listener listener)
            throws IOException, InterruptedException {
        try {
            return listener.event(() -> event(exchange, id, Type.CANNOT_FORECAST::equals));
        } catch (Problem ofAClient) {
            return event(exchange, id, any -> true);
        }
    }

    /**
     * The forecast of a series, or why there is none, as an event.
     *
     * @param isShown which problems are the event
     * @throws Problem any other
     */
    private byte[] event(Exchange exchange, String id, Predicate<Type> isShown) throws IOException {
        try {
            Series now = series.get(id, KeptSeries.KEPT);
            // Others may wait for the same event.
            Map<String, Object> members = forecast(exchange, now, nobody -> {});
            if (now.settings().anomalies() > 0) members.put("anomalies", watch.of(id));
            return Listeners.event("forecast", Json.bytes(members));
        } catch (Problem problem) {
            if (!isShown.test(problem.type())) throw problem;
            return Listeners.event("problem", Json.bytes(problem.members()));
        }
    }

    /** Ends the answers that go on. */
    public void endEvents() {
        listeners.close();
    }

    @Override
    public void close() {
        webhooks.close();
        if (watch != null) watch.close();
        if (series != null) series.close();
    }
}
