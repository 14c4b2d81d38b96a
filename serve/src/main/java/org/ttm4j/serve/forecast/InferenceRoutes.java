package org.ttm4j.serve.forecast;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastMode;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.serve.forecast.Forecasting.Outcome;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Json;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.http.Route;
import org.ttm4j.serve.http.Route.Access;

/**
 * The routes of the Open Inference Protocol and of Triton's extensions for the repository of models, tensors in binary,
 * configuration and statistics. Every model has one version, 1. Sources: github.com/kserve/open-inference-protocol,
 * inference_rest.md; github.com/triton-inference-server/server, docs/protocol. Thread-safe.
 */
public final class InferenceRoutes {
    private static final String VERSION = "1";
    /** The bytes of JSON before tensors in binary. */
    private static final String HEADER_LENGTH = "Inference-Header-Content-Length";
    /** Not the virtual thread of a request, whose work of seconds would keep a processor from all others. */
    private static final ExecutorService LOADING = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().name("loading").daemon().factory());
    private static final int[] SERIES = {-1, -1, -1};
    private static final int[] LEVELS = {-1, -1, -1, -1};

    private final ModelRepository models;
    private final Forecasting forecasting;
    private final Runnable requireReady;
    private final Map<String, InferenceStatistics> statistics = new ConcurrentHashMap<>();

    /** @param requireReady throws a problem unless requests are answered */
    public InferenceRoutes(ModelRepository models, Forecasting forecasting, Runnable requireReady) {
        this.models = models;
        this.forecasting = forecasting;
        this.requireReady = requireReady;
    }

    public List<Route> routes() {
        List<Route> ofModels = List.of(new Route("GET", "", Access.TOKEN, this::model),
                new Route("GET", "/ready", Access.TOKEN, this::modelReady),
                new Route("GET", "/config", Access.TOKEN, this::config),
                new Route("GET", "/stats", Access.TOKEN, this::stats),
                new Route("POST", "/infer", Access.READY, this::infer));
        List<Route> all = new ArrayList<>(List.of(new Route("GET", "/v2", Access.TOKEN, InferenceRoutes::server),
                new Route("GET", "/v2/health/live", Access.OPEN,
                        exchange -> exchange.sendObject(Json.object("live", true))),
                new Route("GET", "/v2/health/ready", Access.OPEN, this::serverReady),
                new Route("GET", "/v2/models/stats", Access.TOKEN, this::allStats),
                new Route("POST", "/v2/repository/index", Access.TOKEN, this::index),
                new Route("POST", "/v2/repository/models/{name}/load", Access.READY, this::load),
                new Route("POST", "/v2/repository/models/{name}/unload", Access.READY, this::unload)));
        for (Route of : ofModels) {
            all.add(new Route(of.method(), "/v2/models/{name}" + of.path(), of.access(), of.endpoint()));
            all.add(new Route(of.method(), "/v2/models/{name}/versions/{version}" + of.path(), of.access(),
                    exchange -> {
                        boolean isThere = exchange.name("version").equals(VERSION);
                        if (!isThere) throw new Problem(Type.NOT_FOUND, "expected version " + VERSION);
                        of.endpoint().answer(exchange);
                    }));
        }
        return all;
    }

    private static void server(Exchange exchange) throws IOException {
        // Empty where the library does not run from its jar.
        String version = Objects.requireNonNullElse(InferenceRoutes.class.getPackage().getImplementationVersion(), "");
        exchange.sendObject(Json.object("name", "ttm4j", "version", version, "extensions",
                List.of("model_repository", "binary_tensor_data", "model_configuration", "statistics")));
    }

    private void serverReady(Exchange exchange) throws IOException {
        requireReady.run();
        exchange.sendObject(Json.object("ready", true));
    }

    private void modelReady(Exchange exchange) throws IOException {
        String name = exchange.name("name");
        models.get(name, null);
        requireReady.run();
        exchange.sendObject(Json.object("name", name, "ready", true));
    }

    private void model(Exchange exchange) throws IOException {
        String name = exchange.name("name");
        models.require(name, null);
        exchange.sendObject(Json.object("name", name, "versions", List.of(VERSION), "platform", "ttm4j", "inputs",
                List.of(form("series", "FP32", SERIES), form("observed", "BOOL", SERIES)), "outputs",
                List.of(form(InferenceBody.FORECAST, "FP32", SERIES), form(InferenceBody.QUANTILES, "FP32", LEVELS))));
    }

    private static Map<String, Object> form(String name, String datatype, int... shape) {
        return Json.object("name", name, "datatype", datatype, "shape", shape);
    }

    /** The first axis is one of the tensor: the protocol's own batches are not used. */
    private void config(Exchange exchange) throws IOException {
        String name = exchange.name("name");
        models.require(name, null);
        Map<String, Object> observed = tensor("observed", "TYPE_BOOL", SERIES);
        observed.put("optional", true);
        exchange.sendObject(Json.object("name", name, "platform", "ttm4j", "backend", "ttm4j", "max_batch_size", 0,
                "input", List.of(tensor("series", "TYPE_FP32", SERIES), observed), "output",
                List.of(tensor(InferenceBody.FORECAST, "TYPE_FP32", SERIES),
                        tensor(InferenceBody.QUANTILES, "TYPE_FP32", LEVELS))));
    }

    private static Map<String, Object> tensor(String name, String type, int... shape) {
        return Json.object("name", name, "data_type", type, "dims", shape);
    }

    private void stats(Exchange exchange) throws IOException {
        String name = exchange.name("name");
        models.require(name, null);
        exchange.sendObject(Json.object("model_stats", List.of(statistics(name).members(name, VERSION))));
    }

    private void allStats(Exchange exchange) throws IOException {
        exchange.sendObject(Json.object("model_stats",
                models.names().stream().map(name -> statistics(name).members(name, VERSION)).toList()));
    }

    private InferenceStatistics statistics(String model) {
        return statistics.computeIfAbsent(model, any -> new InferenceStatistics());
    }

    private void infer(Exchange exchange) throws IOException {
        String name = exchange.name("name");
        Map<ForecastMode, Forecaster> model = models.get(name, null);
        long begin = System.nanoTime();
        boolean isAnswered = false;
        try (Batcher.Arrival arrival = forecasting.batcher().arrive(exchange.client(), exchange::whenGone)) {
            InferenceBody body = read(exchange);
            Forecaster forecaster = model.get(body.options.mode());
            List<ForecastRequest> requests = body.requests();
            exchange.kept(2L * requests.size() * requests.get(0).channels() * requests.get(0).steps());
            // A tensor has one horizon, and models that suit different series may have different ones.
            int horizon = requests.stream().mapToInt(forecaster.fast()::horizon).max().orElseThrow();
            exchange.series(requests.size());
            long read = System.nanoTime();
            List<Forecast> forecasts = new ArrayList<>();
            for (Outcome outcome : forecasting.forecast(exchange, arrival, forecaster, requests.size(),
                    at -> requests.get(at).withHorizon(horizon), at -> "/inputs/0/data/" + at)) {
                if (outcome.problem() != null) throw outcome.problem();
                forecasts.add(outcome.forecast());
            }
            long forecast = System.nanoTime();
            List<byte[]> tensors = new ArrayList<>();
            byte[] json = Json.bytes(Json.object("model_name", name, "model_version", VERSION, "id", body.id, "outputs",
                    outputs(body, tensors, forecasts)));
            if (tensors.isEmpty()) {
                exchange.send(200, Exchange.JSON, json);
            } else {
                exchange.answerHeader(HEADER_LENGTH, Integer.toString(json.length));
                tensors.add(0, json);
                ByteBuffer all = ByteBuffer.allocate(tensors.stream().mapToInt(part -> part.length).sum());
                tensors.forEach(all::put);
                exchange.send(200, Exchange.BINARY, all.array());
            }
            long queued = arrival.queuedNanos;
            statistics(name).answered(forecasts.size(), queued, read - begin, forecast - read - queued,
                    System.nanoTime() - forecast);
            isAnswered = true;
        } finally {
            if (!isAnswered) statistics(name).failed(System.nanoTime() - begin);
        }
    }

    /** JSON, and where a header says how long that is, tensors in binary behind it. */
    private static InferenceBody read(Exchange exchange) throws IOException {
        String length = exchange.header(HEADER_LENGTH);
        if (length == null) {
            return InferenceBody.read(exchange.untypedJsonBody(), InputStream.nullInputStream(), exchange.limits());
        }
        if (!length.matches("[0-9]{1,9}") || Integer.parseInt(length) > exchange.limits().bodyBytes()) {
            throw new Problem(Type.BAD_REQUEST, "expected in the header " + HEADER_LENGTH + " the bytes of the JSON");
        }
        InputStream body = exchange.body();
        return InferenceBody.read(exchange.jsonBody(body.readNBytes(Integer.parseInt(length))), body,
                exchange.limits());
    }

    private static List<Map<String, Object>> outputs(InferenceBody body, List<byte[]> tensors,
            List<Forecast> forecasts) {
        List<Map<String, Object>> outputs = new ArrayList<>();
        if (body.wanted(InferenceBody.FORECAST) != null) {
            outputs.add(body.output(InferenceBody.FORECAST, tensors,
                    forecasts.stream().map(Forecast::doubleValues).toList(), forecasts.size()));
        }
        double[] levels = body.options.levels();
        if (body.wanted(InferenceBody.QUANTILES) != null && levels.length > 0) {
            List<double[][]> values = forecasts.stream()
                    .flatMap(one -> Arrays.stream(levels).mapToObj(one::doubleQuantile))
                    .toList();
            outputs.add(body.output(InferenceBody.QUANTILES, tensors, values, forecasts.size(), levels.length));
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
            TableBody.apart(LOADING, () -> {
                models.load(name);
                return null;
            });
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

    /** How many requests of the protocol a model has answered, and in what time, since the start. Thread-safe. */
    private static final class InferenceStatistics {
        /** What an answered request goes through, by the names of the protocol's extension. */
        private static final List<String> STAGES = List.of("queue", "compute_input", "compute_infer", "compute_output");

        private long last;
        private long series;
        private long answered;
        private final long[] nanos = new long[STAGES.size()];
        private long failed;
        private long failedNanos;

        /** Adds a request of so many series, and how long each stage took. */
        synchronized void answered(int count, long... stages) {
            last = System.currentTimeMillis();
            series += count;
            answered++;
            Arrays.setAll(nanos, stage -> nanos[stage] + stages[stage]);
        }

        synchronized void failed(long took) {
            failed++;
            failedNanos += took;
        }

        /** As the protocol's extension for statistics has them: an execution is a request. */
        synchronized Map<String, Object> members(String model, String version) {
            Map<String, Object> times = Json.object("success", time(answered, LongStream.of(nanos).sum()), "fail",
                    time(failed, failedNanos));
            for (int i = 0; i < nanos.length; i++) times.put(STAGES.get(i), time(answered, nanos[i]));
            return Json.object("name", model, "version", version, "last_inference", last, "inference_count", series,
                    "execution_count", answered, "inference_stats", times, "batch_stats", new Object[0]);
        }

        private static Map<String, Object> time(long count, long nanos) {
            return Json.object("count", count, "ns", nanos);
        }
    }
}
