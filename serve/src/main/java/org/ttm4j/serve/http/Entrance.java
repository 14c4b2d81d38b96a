package org.ttm4j.serve.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.ttm4j.serve.http.Problem.Type;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Limits;

/**
 * The entry point of every request: assigns an id, checks access, turns errors into problems, and records the request in
 * log and metrics. Thread-safe.
 */
public final class Entrance {
    /** A media type of RFC 9457. */
    static final String PROBLEM = "application/problem+json";

    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final HeaderName ID_HEADER = HeaderNames.create("X-Request-Id");
    private static final String ALLOWED_HEADERS = "Authorization, Content-Type, X-Request-Id, "
            + "Inference-Header-Content-Length, Mcp-Protocol-Version";
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_TEXT = 4096;
    /** The seconds after which clients may retry while the service starts or stops. */
    private static final int START_TIME = 1;

    private static final Set<Type> CLOSING = EnumSet.of(Type.BAD_REQUEST, Type.TIMEOUT, Type.TOO_LARGE);

    private final List<Route> routes;
    private final Access access;
    private final Limits limits;
    /** The allowed origin of pages of other sites; null for none. */
    private final String origin;
    private final AccessLog log;
    private final RequestMetrics times;
    private final Memory memory;
    private final AtomicInteger open = new AtomicInteger();
    private final JsonFactory json;
    private final Map<String, Set<String>> queries = queries();
    private volatile boolean ready;
    private volatile boolean stopping;

    /**
     * Lets requests to these routes in, which hold their bodies in this memory.
     *
     * @throws IOException when the description of the routes cannot be read
     */
    public Entrance(List<Route> routes, Access access, Settings settings, Memory memory, AccessLog log,
            PrometheusMeterRegistry metrics) throws IOException {
        this.routes = List.copyOf(routes);
        this.access = access;
        limits = settings.limits();
        origin = settings.origin();
        this.memory = memory;
        this.log = log;
        json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depth())
                        .maxNameLength(LONGEST_NAME)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxStringLength(LONGEST_TEXT)
                        .build())
                .build();
        times = new RequestMetrics(access::clients);
        metrics.getPrometheusRegistry().register(times);
        Gauge.builder("ttm4j.http.open", open, AtomicInteger::get)
                .description("Requests that are being answered")
                .register(metrics);
        Gauge.builder("ttm4j.ready", this, entrance -> entrance.ready && !entrance.stopping ? 1 : 0)
                .description("Whether requests for forecasts are answered")
                .register(metrics);
    }

    /** The parameters of queries, as {@code openapi.json} says, by method and path, such as {@code GET /v1/series}. */
    private static Map<String, Set<String>> queries() throws IOException {
        Map<String, Set<String>> queries = new HashMap<>();
        try (InputStream in = Entrance.class.getResourceAsStream("/org/ttm4j/serve/openapi.json");
                JsonParser json = new JsonFactory().createParser(in)) {
            String name = null;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token != JsonToken.VALUE_STRING) continue;
                if ("name".equals(json.currentName())) name = json.getText();
                if (!"in".equals(json.currentName()) || !json.getText().equals("query")) continue;
                // At a place such as /paths/~1v1~1series/get/parameters/0/in.
                String[] place = json.getParsingContext().pathAsPointer().toString().split("/");
                String operation = place[3].toUpperCase(Locale.ROOT) + " " + place[2].replace("~1", "/");
                queries.computeIfAbsent(operation, any -> new TreeSet<>()).add(name);
            }
        }
        return queries;
    }

    public List<Route> routes() {
        return routes;
    }

    /** @throws Problem while the models are being warmed up, and once the service is stopping */
    public void requireReady() {
        if (stopping) throw unavailable("the service is stopping");
        if (!ready) throw unavailable("the models are being warmed up");
    }

    /** Called when the models are warm: requests for forecasts are answered from now on. */
    public void ready() {
        ready = true;
    }

    /** Refuses new requests and waits for those that are open. */
    public void stop(Duration most) throws InterruptedException {
        stopping = true;
        long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(most);
        while (open.get() > 0 && System.nanoTime() < end) Thread.sleep(5);
    }

    /** Adds the routes, and what answers where there is none. */
    public void addTo(HttpRouting.Builder routing) {
        for (Route route : routes) routing.route(Method.create(route.method()), route.path(), handler(route));
        Map<String, String> methods = new LinkedHashMap<>();
        for (Route route : routes) methods.merge(route.path(), route.method(), (all, one) -> all + ", " + one);
        methods.forEach((path, allowed) -> routing.any(path,
                handler(new Route("*", path, Route.Access.OPEN, exchange -> otherMethod(exchange, allowed)))));
        routing.any(handler(new Route("*", "*", Route.Access.OPEN, exchange -> {
            throw new Problem(Type.NOT_FOUND, "there is no such resource; /openapi.json lists all");
        })));
    }

    private void otherMethod(Exchange exchange, String allowed) {
        exchange.answerHeader("Allow", allowed);
        if (origin != null && exchange.header("Access-Control-Request-Method") != null) {
            exchange.answerHeader("Access-Control-Allow-Methods", allowed);
            exchange.answerHeader("Access-Control-Allow-Headers", ALLOWED_HEADERS);
            exchange.sendNothing();
            return;
        }
        throw new Problem(Type.METHOD_NOT_ALLOWED, "expected " + allowed);
    }

    private Handler handler(Route route) {
        return (request, response) -> {
            long start = System.nanoTime();
            String given = request.headers().first(ID_HEADER).orElse("");
            ThreadLocalRandom random = ThreadLocalRandom.current(); // ids need not be hard to guess
            String id = REQUEST_ID.matcher(given).matches()
                    ? given
                    : new UUID(random.nextLong(), random.nextLong()).toString();
            String client = request.remotePeer().host(); // not to be had once it is gone
            response.header("X-Request-Id", id).header("X-Content-Type-Options", "nosniff");
            // A client that announces a body with Expect may send it after any answer.
            if (request.headers().contains(HeaderNames.EXPECT)) response.header("Connection", "close");
            String codings = request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse("");
            if (Gzip.isMisread(codings)) response.header("Content-Encoding", "identity");
            // A client that keeps its connection would send the next request into the end of it.
            response.beforeSend(() -> {
                if (stopping) response.header("Connection", "close");
            });
            if (origin != null) response.header("Access-Control-Allow-Origin", origin);
            open.incrementAndGet();
            int status = 499;
            Exchange exchange = new Exchange(request, response, id, limits, memory, json);
            try (exchange) {
                answer(route, request, response, exchange);
                status = response.status().code();
            } finally {
                open.decrementAndGet();
                long nanos = System.nanoTime() - start;
                times.record(route, status, nanos, exchange.series() > 0);
                log.request(exchange, request.prologue().method().text(), request.path().rawPath(), status, nanos,
                        client);
            }
            // The server would read whatever is left of the body as the next request.
            if (response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
                Connection.current().takeLeave();
                throw new CloseConnectionException("as the answer says");
            }
        };
    }

    private void answer(Route route, ServerRequest request, ServerResponse response, Exchange exchange)
            throws IOException {
        Problem problem;
        try {
            exchange.client(access.require(request, route.access()));
            if (route.access() != Route.Access.OPEN) exchange.client().requireRate();
            if (stopping && route.access() != Route.Access.OPEN) throw unavailable("the service is stopping");
            if (route.access() == Route.Access.READY) requireReady();
            if (route.access() != Route.Access.OPEN)
                exchange.requireQuery(queries.getOrDefault(route.method() + " " + route.path(), Set.of()));
            route.endpoint().answer(exchange);
            return;
        } catch (Problem ofTheRequest) {
            problem = ofTheRequest;
        } catch (StreamConstraintsException e) {
            problem = new Problem(Type.MALFORMED_BODY,
                    "expected JSON of at most " + limits.depth() + " levels, with names of at most " + LONGEST_NAME
                            + " characters, texts of at most " + LONGEST_TEXT + " and numbers of at most "
                            + LONGEST_NUMBER);
        } catch (JsonProcessingException e) {
            problem = new Problem(Type.MALFORMED_BODY, "expected JSON, found something else" + place(e));
        } catch (CharConversionException | ZipException | java.io.EOFException e) {
            problem = new Problem(Type.MALFORMED_BODY, "the body ends early or is not in its encoding");
        } catch (CloseConnectionException gone) {
            throw gone;
        } catch (RequestException e) {
            problem = new Problem(Type.BAD_REQUEST, "the request is not valid HTTP/1.1");
        } catch (UncheckedIOException | SocketException e) {
            throw new CloseConnectionException("the connection failed", e);
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError bug) {
            log.failure(exchange.id(), bug);
            problem = new Problem(Type.INTERNAL, "this is not the request's fault");
        }
        send(problem, route, response, exchange);
    }

    private static String place(JsonProcessingException e) {
        if (e.getLocation() == null) return "";
        String duplicate = e instanceof JsonParseException && e.getOriginalMessage().startsWith("Duplicate field")
                ? ", a member given twice,"
                : "";
        return duplicate + " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
    }

    private static Problem unavailable(String reason) {
        return new Problem(Type.UNAVAILABLE, reason).retryAfter(START_TIME);
    }

    private static void send(Problem problem, Route route, ServerResponse response, Exchange exchange)
            throws IOException {
        if (response.isSent()) throw new CloseConnectionException("the answer had begun");
        if (CLOSING.contains(problem.type())) response.header("Connection", "close");
        if (problem.retryAfter() > 0) response.header("Retry-After", Integer.toString(problem.retryAfter()));
        if (problem.type() == Type.UNAUTHORIZED) response.header("WWW-Authenticate", "Bearer");
        boolean ofInference = route.path().startsWith("/v2");
        Map<String, Object> members = problem.members();
        members.put("request_id", exchange.id());
        // The error object of the Open Inference Protocol; Triton's client for Java stumbles over any other member.
        if (ofInference) members = Json.object("error", problem.message());
        exchange.send(problem.type().status(), ofInference ? Exchange.JSON : PROBLEM, Json.bytes(members));
    }

    /**
     * Answers requests that reach no route, because they are not valid HTTP or announce a body that cannot be read. The
     * answer does not repeat any part of the request. Stateless.
     */
    public record TransportProblems(Limits limits) implements DirectHandler {
        @Override
        public TransportResponse handle(TransportRequest request, EventType event, Status status,
                ServerResponseHeaders headers, String message) {
            Connection.current().endAfterAnswer();
            // Errors in a route are answered there, so this one occurred while the head was read.
            Status answered = event == EventType.INTERNAL_ERROR ? Status.BAD_REQUEST_400 : status;
            String coding = request.headers().first(HeaderNames.CONTENT_ENCODING).orElse(Gzip.CODING);
            boolean isUnread = answered == Status.BAD_REQUEST_400 && !Gzip.IDS.contains(coding);
            if (isUnread) answered = Status.UNSUPPORTED_MEDIA_TYPE_415;
            Problem problem = switch (answered.code()) {
                case 408 -> new Problem(Type.TIMEOUT, "the rest of the request did not arrive in time");
                case 413 -> new Problem(Type.TOO_LARGE, "expected a body of at most " + limits.bodyBytes() + " bytes");
                case 505 -> new Problem(Type.BAD_REQUEST,
                        "expected HTTP/1.1, which a proxy may have to be told (in nginx: proxy_http_version 1.1)");
                case 415 -> new Problem(Type.UNSUPPORTED_MEDIA_TYPE, "expected Content-Encoding: gzip, or none");
                default -> new Problem(Type.BAD_REQUEST,
                        "the request is not valid HTTP/1.1, or a part of its head is too long");
            };
            return TransportResponse.builder()
                    .status(answered)
                    .headers(headers)
                    .header(HeaderNames.CONTENT_TYPE, Entrance.PROBLEM)
                    .keepAlive(false)
                    .entity(Json.bytes(Json.object("type", problem.type().urn(), "title", answered.reasonPhrase(),
                            "status", answered.code(), "detail", problem.getMessage())))
                    .build();
        }
    }
}
