package org.ttm4j.serve.inference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.forecast.Forecasting.Order;
import org.ttm4j.serve.forecast.Forecasting.Outcome;
import org.ttm4j.serve.forecast.Forecasting;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Route.Access;
import org.ttm4j.serve.http.Route;
import org.ttm4j.serve.model.Batcher;
import org.ttm4j.serve.model.ModelRepository;
import org.ttm4j.serve.model.ServedModel;

/**
 * The routes of the Open Inference Protocol with JSON tensors, and of its model repository extension. Every model has one
 * version, 1. Source: github.com/kserve/open-inference-protocol, inference_rest.md. Thread-safe.
 */
public final class InferenceRoutes {
    private static final String VERSION = "1";

    private final ModelRepository models;
    private final Forecasting forecasting;
    private final BooleanSupplier ready;

    /** @param ready whether requests are answered */
    public InferenceRoutes(ModelRepository models, Forecasting forecasting, BooleanSupplier ready) {
        this.models = models;
        this.forecasting = forecasting;
        this.ready = ready;
    }

    /** All of them. */
    public List<Route> routes() {
        return List.of(new Route("GET", "/v2", Access.TOKEN, InferenceRoutes::server),
                new Route("GET", "/v2/health/live", Access.OPEN, exchange -> truth(exchange, "live")),
                new Route("GET", "/v2/health/ready", Access.OPEN, this::serverReady),
                new Route("GET", "/v2/models/{name}", Access.TOKEN, this::model),
                new Route("GET", "/v2/models/{name}/versions/{version}", Access.TOKEN, versioned(this::model)),
                new Route("GET", "/v2/models/{name}/ready", Access.TOKEN, this::modelReady),
                new Route("GET", "/v2/models/{name}/versions/{version}/ready", Access.TOKEN,
                        versioned(this::modelReady)),
                new Route("POST", "/v2/models/{name}/infer", Access.READY, this::infer),
                new Route("POST", "/v2/models/{name}/versions/{version}/infer", Access.READY, versioned(this::infer)),
                new Route("POST", "/v2/repository/index", Access.TOKEN, this::index),
                new Route("POST", "/v2/repository/models/{name}/load", Access.READY, this::load),
                new Route("POST", "/v2/repository/models/{name}/unload", Access.READY, this::unload));
    }

    private static Route.Endpoint versioned(Route.Endpoint endpoint) {
        return exchange -> {
            if (!exchange.name("version").equals(VERSION)) {
                throw new Problem(Type.NOT_FOUND, "expected version " + VERSION);
            }
            endpoint.answer(exchange);
        };
    }

    private static void truth(Exchange exchange, String member) throws IOException {
        exchange.sendObject(Json.object(member, true));
    }

    private static void server(Exchange exchange) throws IOException {
        exchange.sendObject(
                Json.object("name", "ttm4j", "version", version(), "extensions", List.of("model_repository")));
    }

    /** That of the library; empty where it does not run from its jar. */
    private static String version() {
        return Objects.requireNonNullElse(InferenceRoutes.class.getPackage().getImplementationVersion(), "");
    }

    private void serverReady(Exchange exchange) throws IOException {
        requireReady();
        truth(exchange, "ready");
    }

    private void requireReady() {
        if (ready.getAsBoolean()) return;
        throw new Problem(Type.UNAVAILABLE, "the service is starting or stopping").retryAfter(1);
    }

    private void modelReady(Exchange exchange) throws IOException {
        String name = exchange.name("name");
        models.get(name, null);
        requireReady();
        exchange.sendObject(Json.object("name", name, "ready", true));
    }

    private void model(Exchange exchange) throws IOException {
        String name = exchange.name("name");
        models.require(name, null);
        exchange.sendObject(Json.object("name", name, "versions", List.of(VERSION), "platform", "ttm4j", "inputs",
                List.of(form("series", "FP32", -1, -1, -1), form("observed", "BOOL", -1, -1, -1)), "outputs",
                List.of(form(InferenceBody.FORECAST, "FP32", -1, -1, -1),
                        form(InferenceBody.QUANTILES, "FP32", -1, -1, -1, -1))));
    }

    private static Map<String, Object> form(String name, String datatype, int... shape) {
        return Json.object("name", name, "datatype", datatype, "shape", shape);
    }

    private void infer(Exchange exchange) throws IOException {
        if (exchange.header("Inference-Header-Content-Length") != null) {
            throw new Problem(Type.UNSUPPORTED_MEDIA_TYPE,
                    "tensors in binary are not read: send them as JSON (binary_data=False)");
        }
        try (Batcher.Arrival arrival = forecasting.batcher().arrive(exchange::whenGone)) {
            ServedModel model = models.get(exchange.name("name"), null);
            InferenceBody body = InferenceBody.read(exchange.untypedJsonBody(), exchange.limits());
            Forecaster forecaster = model.in(body.mode());
            List<ForecastRequest> requests = body.requests();
            exchange.kept(2L * requests.size() * requests.get(0).channels() * requests.get(0).steps());
            // A tensor has one horizon, and models that suit different series may have different ones.
            int horizon = requests.stream().mapToInt(forecaster.fast()::horizon).max().orElseThrow();
            List<Order> orders = requests.stream().map(one -> new Order(one.withHorizon(horizon), null)).toList();
            exchange.series(orders.size());
            List<Forecast> forecasts = new ArrayList<>();
            for (Outcome outcome : forecasting.forecast(arrival, forecaster, orders, "/inputs/0/data")) {
                if (outcome.problem() != null) throw outcome.problem();
                forecasts.add(outcome.forecast());
            }
            exchange.sendObject(Json.object("model_name", model.name(), "model_version", VERSION, "id", body.id(),
                    "outputs", outputs(body, forecasts)));
        }
    }

    private static List<Map<String, Object>> outputs(InferenceBody body, List<Forecast> forecasts) {
        List<Map<String, Object>> outputs = new ArrayList<>();
        String forecast = body.wanted(InferenceBody.FORECAST);
        if (forecast != null) {
            outputs.add(
                    body.output(forecast, forecasts.stream().map(Forecast::doubleValues).toList(), forecasts.size()));
        }
        String quantiles = body.wanted(InferenceBody.QUANTILES);
        if (quantiles != null && body.levels().length > 0) {
            List<double[][]> values = forecasts.stream()
                    .flatMap(one -> Arrays.stream(body.levels()).mapToObj(one::doubleQuantile))
                    .toList();
            outputs.add(body.output(quantiles, values, forecasts.size(), body.levels().length));
        }
        return outputs;
    }

    private void index(Exchange exchange) throws IOException {
        exchange.send(200, Exchange.JSON,
                Json.bytes(models.names()
                        .stream()
                        .map(name -> Json.object("name", name, "version", VERSION, "state",
                                models.isLoaded(name) ? "READY" : "UNAVAILABLE", "reason", ""))
                        .toList()));
    }

    private void load(Exchange exchange) throws IOException {
        String name = exchange.name("name");
        try {
            models.load(name);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            forecasting.log().failure(exchange.id(), e);
            throw new Problem(Type.INTERNAL, "the model cannot be loaded: " + models.reason(name, e));
        }
        exchange.sendObject(Map.of());
    }

    private void unload(Exchange exchange) throws IOException {
        models.unload(exchange.name("name"));
        exchange.sendObject(Map.of());
    }
}
