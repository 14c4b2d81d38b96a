package org.ttm4j.serve;

import io.helidon.common.mapper.DefaultMapperProvider__ServiceDescriptor;
import io.helidon.common.mapper.DefaultResolverService__ServiceDescriptor;
import io.helidon.common.mapper.MappersFactory__ServiceDescriptor;
import io.helidon.http.DirectHandler;
import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.ttm4j.eval.page.ModelPage;
import org.ttm4j.eval.page.StudioPage;
import org.ttm4j.serve.forecast.AnomalyRoute;
import org.ttm4j.serve.forecast.Batcher;
import org.ttm4j.serve.forecast.ForecastRoute;
import org.ttm4j.serve.forecast.Forecasting;
import org.ttm4j.serve.forecast.InferenceRoutes;
import org.ttm4j.serve.forecast.ModelRepository;
import org.ttm4j.serve.http.Access;
import org.ttm4j.serve.http.AccessLog;
import org.ttm4j.serve.http.Connections;
import org.ttm4j.serve.http.Entrance;
import org.ttm4j.serve.http.Entrance.TransportProblems;
import org.ttm4j.serve.http.Exchange;
import org.ttm4j.serve.http.Gzip;
import org.ttm4j.serve.http.KeyStores;
import org.ttm4j.serve.http.Memory;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.serve.http.Route;
import org.ttm4j.serve.job.BacktestRoute;
import org.ttm4j.serve.job.FineTuningRoute;
import org.ttm4j.serve.job.Jobs;
import org.ttm4j.serve.live.LiveRoutes;
import org.ttm4j.serve.prometheus.Watch;
import org.ttm4j.serve.settings.Settings;

/**
 * Forecasts over HTTP. It listens at once, warms up the models, and then says that it is ready. Thread-safe.
 *
 * <pre>{@code
 * try (ForecastServer server = ForecastServer.start(Settings.defaults(), System.out)) {
 *     server.awaitReady();
 *     server.awaitStop();
 * }
 * }</pre>
 */
public final class ForecastServer implements AutoCloseable {
    private static final String HTML = "text/html;charset=utf-8";
    private static final int LONGEST_LINE = 4096;
    /** The most messages of assistants that are answered at a time. */
    private static final int ASSISTED = 4;
    /** The part of the heap that they have, which is kept from requests: the tools read files, one at a time. */
    private static final int ASSISTED_PART = 4;
    private static final int LONGEST_HEAD = 16_384;
    /** The time to end everything that is not a request. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final Settings settings;
    private final UnaryOperator<String> assistants;
    /** Platform threads: on the virtual thread of a request, work of seconds would keep a processor from all others. */
    private final ThreadPoolExecutor assisted = new ThreadPoolExecutor(0, ASSISTED, 1, TimeUnit.SECONDS,
            new SynchronousQueue<>(), Thread.ofPlatform().name("assistant-", 0).daemon().factory());
    private final AccessLog log;
    private final ModelRepository models;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Batcher batcher;
    private final Forecasting forecasting;
    private final LiveRoutes live;
    private final AnomalyRoute anomalies;
    private final Jobs jobs;
    /** Null for none. */
    private final Watch watch;
    private final Entrance entrance;
    private final Connections connections;
    private final WebServer web;
    private final CompletableFuture<Void> warm = new CompletableFuture<>();
    private int port;
    private volatile byte[] lesson;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private ForecastServer(Settings settings, PrintStream log, UnaryOperator<String> assistants) throws IOException {
        this.settings = settings;
        this.assistants = assistants;
        discoverNothing();
        WebServerConfig.Builder builder = WebServer.builder();
        if (settings.tls() != null) builder.tls(KeyStores.tls(settings.tls()));
        this.log = new AccessLog(log);
        Access access = new Access(settings, this.log);
        models = new ModelRepository(settings.models(), metrics);
        long heap = Runtime.getRuntime().maxMemory();
        Memory memory = new Memory(assistants == null ? heap : heap - heap / ASSISTED_PART);
        batcher = new Batcher(settings.batches(), memory, metrics);
        forecasting = new Forecasting(batcher, new Forecasting.Cache(memory.ofCache()), settings.limits(), this.log);
        try {
            live = new LiveRoutes(models, forecasting, settings, metrics);
        } catch (IOException | RuntimeException e) {
            batcher.close();
            throw e;
        }
        FunctionCounter.builder("ttm4j.failures", this.log, AccessLog::failures)
                .description("Failures of the service itself; the log has them")
                .register(metrics);
        anomalies = new AnomalyRoute(models, batcher);
        jobs = new Jobs(this.log, memory, settings.limits().listeners());
        watch = settings.background().watch() == null
                ? null
                : new Watch(settings.background().watch(), metrics, this.log::failure);
        entrance = new Entrance(allRoutes(), access, settings, memory, this.log, metrics);
        connections = new Connections(
                Http1Config.builder().maxPrologueLength(LONGEST_LINE).maxHeadersSize(LONGEST_HEAD), settings.limits());
        DirectHandlers.Builder transport = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            transport.addHandler(type, new TransportProblems(settings.limits()));
        }
        web = builder.featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .concurrencyLimitDiscoverServices(false)
                .mediaContext(media -> media.mediaSupportsDiscoverServices(false))
                .host(settings.host())
                .port(settings.port())
                .shutdownHook(false)
                .maxPayloadSize(settings.limits().bodyBytes())
                .idleConnectionTimeout(settings.limits().requestTime())
                .idleConnectionPeriod(settings.limits().requestTime().dividedBy(4))
                .connectionOptions(connections.options())
                .addConnectionSelector(connections)
                .contentEncoding(
                        codings -> codings.contentEncodingsDiscoverServices(false).addContentEncoding(new Gzip()))
                .directHandlers(transport.build())
                .routing(entrance::addTo)
                .build();
    }

    /**
     * Keeps Helidon from searching all jars for extensions, which takes a sixth of the start and finds none. What is added
     * reads the parameters of queries.
     */
    private static void discoverNothing() {
        if (GlobalServiceRegistry.configured()) return;
        GlobalServiceRegistry.registry(ServiceRegistryManager.create(ServiceRegistryConfig.builder()
                .discoverServices(false)
                .discoverServicesFromServiceLoader(false)
                .addServiceDescriptor(MappersFactory__ServiceDescriptor.INSTANCE)
                .addServiceDescriptor(DefaultMapperProvider__ServiceDescriptor.INSTANCE)
                .addServiceDescriptor(DefaultResolverService__ServiceDescriptor.INSTANCE)
                .build()).registry());
    }

    /**
     * Listens, and begins to warm up. Where Helidon's global service registry has not been configured, it is left without
     * discovery of services.
     *
     * @param log to which a line is written for each request
     * @throws IllegalArgumentException when the address is open to others and neither a token nor consent is given
     * @throws IOException when the address cannot be listened on, or the store or key store cannot be opened
     */
    public static ForecastServer start(Settings settings, PrintStream log) throws IOException {
        return start(settings, log, null);
    }

    /**
     * The same with an answer to the messages of assistants, who speak the Model Context Protocol.
     *
     * @param assistants answers a message of JSON-RPC by another, and by null where no answer is due; null for no such route.
     *     It must be safe for several threads, which together may take a quarter of the heap
     */
    public static ForecastServer start(Settings settings, PrintStream log, UnaryOperator<String> assistants)
            throws IOException {
        boolean local = InetAddress.getByName(settings.host()).isLoopbackAddress();
        if (!local && !settings.namesClients() && !settings.anyone()) {
            throw new IllegalArgumentException(
                    "others reach " + settings.host() + ": a token is needed, or the consent that anyone may call");
        }
        ForecastServer server = new ForecastServer(settings, log, assistants);
        try {
            server.web.start();
            // The server reports no reason.
            if (!server.web.isRunning()) throw new IllegalStateException("the server did not start");
            server.port = server.web.port();
            if (server.watch != null) server.watch.start();
            // Started last, because it would slow down the start of the server.
            Thread.ofPlatform().name("warm-up").daemon().start(server::warmUp);
        } catch (RuntimeException e) {
            server.close();
            throw new IOException(settings.host() + ":" + settings.port()
                    + " cannot be listened on; another program may hold this port", e);
        }
        return server;
    }

    private List<Route> allRoutes() {
        List<Route> routes = new ArrayList<>();
        routes.add(new Route("GET", "/", Route.Access.OPEN,
                exchange -> exchange.send(200, HTML, StudioPage.html().getBytes(StandardCharsets.UTF_8))));
        routes.add(new Route("GET", "/learn", Route.Access.OPEN, this::answerLesson));
        routes.add(new Route("GET", "/try", Route.Access.OPEN, exchange -> {
            exchange.answerHeader("Location", "./"); // the page to send requests from is the studio now
            exchange.send(308, HTML, "<a href=\"./\">The studio</a>".getBytes(StandardCharsets.UTF_8));
        }));
        routes.add(new Route("GET", "/openapi.json", Route.Access.OPEN, exchange -> {
            try (InputStream in = ForecastServer.class.getResourceAsStream("openapi.json")) {
                exchange.send(200, Exchange.JSON, in.readAllBytes());
            }
        }));
        routes.add(new Route("GET", "/health/live", Route.Access.OPEN, Exchange::sendNothing));
        routes.add(new Route("GET", "/health/ready", Route.Access.OPEN, exchange -> {
            entrance.requireReady();
            live.requireWritable();
            exchange.sendNothing();
        }));
        routes.add(new Route("GET", "/metrics", Route.Access.TOKEN, this::answerMetrics));
        routes.add(
                new Route("POST", "/v1/forecast", Route.Access.READY, new ForecastRoute(models, forecasting)::answer));
        routes.add(new Route("POST", "/v1/anomalies", Route.Access.READY, anomalies::answer));
        routes.addAll(new BacktestRoute(jobs, models, batcher.memory()).routes());
        routes.addAll(new FineTuningRoute(jobs, models, batcher.memory(), settings.background().models()).routes());
        routes.add(new Route("POST", "/mcp", Route.Access.READY, this::answerAssistant));
        routes.addAll(live.routes());
        routes.addAll(new InferenceRoutes(models, forecasting, () -> entrance.requireReady()).routes());
        return routes;
    }

    private void warmUp() {
        try {
            measureRuntime();
            models.load(ModelRepository.DEFAULT);
            for (String name : settings.bundled()) models.load(name);
            for (String name : settings.models().keySet()) models.load(name);
            loadFineTuned();
            entrance.ready();
            warm.complete(null);
        } catch (IOException | RuntimeException | Error e) {
            if (!models.isClosed()) log.failure(null, e);
            warm.completeExceptionally(e);
        }
    }

    private void measureRuntime() {
        new JvmMemoryMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        new UptimeMetrics().bindTo(metrics);
        new FileDescriptorMetrics().bindTo(metrics);
        Gauge.builder("jvm.threads.live", ManagementFactory.getThreadMXBean(), ThreadMXBean::getThreadCount)
                .description("Platform threads that live")
                .register(metrics);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            FunctionTimer
                    .builder("jvm.gc.collection", collector, GarbageCollectorMXBean::getCollectionCount,
                            GarbageCollectorMXBean::getCollectionTime, TimeUnit.MILLISECONDS)
                    .description("Collections of garbage")
                    .tag("gc", collector.getName())
                    .register(metrics);
        }
    }

    /** Loads the models that were fine-tuned earlier. One that cannot be loaded is skipped. */
    private void loadFineTuned() throws IOException {
        Path folder = settings.background().models();
        if (folder == null || !Files.isDirectory(folder)) return;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, one -> Exchange.isName(name(one))
                && Files.exists(one.resolve("config.json")) && !models.names().contains(name(one)))) {
            for (Path one : all) {
                try {
                    models.load(name(one), one);
                } catch (IOException | RuntimeException damaged) {
                    if (models.isClosed()) throw damaged;
                    log.failure(null, damaged);
                }
            }
        }
    }

    private static String name(Path folder) {
        return folder.getFileName().toString();
    }

    private void answerMetrics(Exchange exchange) throws IOException {
        exchange.send(200, "text/plain;version=0.0.4;charset=utf-8",
                (metrics.scrape() + (watch == null ? "" : watch.text())).getBytes(StandardCharsets.UTF_8));
    }

    private void answerAssistant(Exchange exchange) throws IOException {
        if (assistants == null) {
            throw new Problem(Problem.Type.NOT_FOUND, "assistants are not let in; ttm serve --mcp DIR does");
        }
        String message = new String(exchange.body().readAllBytes(), StandardCharsets.UTF_8);
        Future<String> coming;
        try {
            coming = assisted.submit(() -> assistants.apply(message));
        } catch (RejectedExecutionException full) {
            throw new Problem(Problem.Type.TOO_MANY_REQUESTS, ASSISTED + " messages of assistants are being answered")
                    .retryAfter(1);
        }
        exchange.whenGone(() -> coming.cancel(true));
        String answer;
        try {
            answer = coming.get();
        } catch (CancellationException | InterruptedException e) {
            coming.cancel(true);
            throw new SocketException("the client is gone");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException || e.getCause() instanceof IllegalArgumentException) {
                throw new Problem(Problem.Type.MALFORMED_BODY, "expected a message of JSON-RPC 2.0");
            }
            throw new IllegalStateException(e.getCause());
        }
        exchange.send(answer == null ? 202 : 200, Exchange.JSON,
                answer == null ? new byte[0] : answer.getBytes(StandardCharsets.UTF_8));
    }

    /** The page in which the model runs; made when it is first asked for. */
    private void answerLesson(Exchange exchange) throws IOException {
        byte[] content = lesson;
        if (content == null) lesson = content = ModelPage.ofService().getBytes(StandardCharsets.UTF_8);
        exchange.send(200, HTML, content);
    }

    /** The routes, as {@code openapi.json} describes them. */
    List<Route> routes() {
        return entrance.routes();
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /**
     * Waits until the models are warm.
     *
     * @throws IOException when one cannot be loaded
     */
    public void awaitReady() throws IOException {
        try {
            warm.join();
        } catch (java.util.concurrent.CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** Waits until it is stopped. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /**
     * Refuses new requests, ends those that have begun, and stops listening: within {@link Settings#grace()}, and five seconds
     * more. What hangs then, as a database may, is left to a daemon thread; whatever was acknowledged is durable. When
     * called again, it waits for the first call to end.
     */
    @Override
    public synchronized void close() {
        if (stopped.getCount() == 0) return;
        try {
            stop();
        } finally {
            stopped.countDown();
        }
    }

    private void stop() {
        boolean interrupted = false;
        try {
            if (watch != null) watch.close();
            live.endEvents();
            jobs.endEvents();
            entrance.stop(settings.grace());
        } catch (InterruptedException e) {
            // Stops waiting for requests; everything else ends as usual.
            interrupted = true;
        }
        try {
            Thread rest = Thread.ofPlatform().name("stop").daemon().start(this::end);
            if (!rest.join(ENDING)) log.failure("not all has ended within " + ENDING.toSeconds() + " s of the stop");
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Ends all that is no request, in the order of what may be lost: the store takes the changes that wait. */
    private void end() {
        guarded(web::stop);
        guarded(anomalies::close);
        guarded(jobs::close);
        guarded(batcher::close);
        guarded(live::close);
        // The timer of idle connections, which Helidon does not end, keeps the routes and all that they refer to.
        guarded(models::close);
        guarded(forecasting.cache()::clear);
        guarded(connections::close);
        guarded(metrics::close);
    }

    /** Runs an action whose failure must not keep the others from running. */
    private void guarded(Runnable closing) {
        try {
            closing.run();
        } catch (RuntimeException | Error bug) {
            log.failure(null, bug);
        }
    }
}
