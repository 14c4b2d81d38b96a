package org.ttm4j.serve.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the service is started. Immutable.
 *
 * @param host the address to listen on
 * @param port 0 for any that is free
 * @param bundled models that are loaded at the start under their own names too
 * @param models folders of checkpoints by the names they are served under
 * @param token that every request must have but those for its health; null for none
 * @param tokenFile of tokens, each with a name and limits, instead of that token; null for none
 * @param anyone whether an address that others reach is served without a token
 * @param origin of pages that may call from elsewhere; null for none
 * @param batches how requests share the models
 * @param limits of one request
 * @param store where series are kept; null for nowhere
 * @param tls null for HTTP without it
 * @param grace how long a stop waits for requests that have begun
 * @param background what it does beside answering requests
 */
public record Settings(String host, int port, Set<String> bundled, Map<String, Path> models, String token,
        Path tokenFile, boolean anyone, String origin, Batching batches, Limits limits, StoreSettings store,
        TlsSettings tls, Duration grace, Background background) {

    /** Without the token. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    /** The bundled models on this machine alone. */
    public static Settings defaults() {
        return new Settings("127.0.0.1", 8080, Set.of(), Map.of(), null, null, false, null, Batching.defaults(),
                Limits.defaults(), null, null, Duration.ofSeconds(20), Background.none());
    }

    /** The same on another address. */
    public Settings withAddress(String newHost, int newPort) {
        return new Settings(newHost, newPort, bundled, models, token, tokenFile, anyone, origin, batches, limits, store,
                tls, grace, background);
    }

    /** The same with models that are loaded at the start, beside the chooser among the bundled ones. */
    public Settings withModels(Set<String> bundledNames, Map<String, Path> folders) {
        return new Settings(host, port, Set.copyOf(bundledNames), Map.copyOf(folders), token, tokenFile, anyone, origin,
                batches, limits, store, tls, grace, background);
    }

    /** The same with other rules of access. */
    public Settings withAccess(String newToken, boolean byAnyone, String newOrigin) {
        return new Settings(host, port, bundled, models, newToken, null, byAnyone, newOrigin, batches, limits, store,
                tls, grace, background);
    }

    /** The same with the tokens of a file, which is read anew when it changes, instead of one. */
    public Settings withTokenFile(Path file) {
        return new Settings(host, port, bundled, models, null, file, anyone, origin, batches, limits, store, tls, grace,
                background);
    }

    /** Returns true if callers must say who they are, by a token or a certificate. */
    public boolean namesClients() {
        return token != null || tokenFile != null || tls != null && tls.clientAuthorities() != null;
    }

    /** The same with other batches. */
    public Settings withBatches(Batching newBatches) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, newBatches, limits, store,
                tls, grace, background);
    }

    /** The same with other limits. */
    public Settings withLimits(Limits newLimits) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, batches, newLimits, store,
                tls, grace, background);
    }

    /** The same with a place where series are kept. */
    public Settings withStore(StoreSettings newStore) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, batches, limits, newStore,
                tls, grace, background);
    }

    /** The same with TLS. */
    public Settings withTls(TlsSettings newTls) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, batches, limits, store,
                newTls, grace, background);
    }

    /** The same with other work beside answering requests. */
    public Settings withBackground(Background newBackground) {
        return new Settings(host, port, bundled, models, token, tokenFile, anyone, origin, batches, limits, store, tls,
                grace, newBackground);
    }

    /**
     * How the series of all requests share the models.
     *
     * @param workers threads that run models
     * @param batch series in a batch at most
     * @param delay that a series waits at most for others to join it
     * @param queue requests that wait at most, each of any number of series
     * @param patience time that a request is expected to wait for its turn at most, where four for each worker wait
     */
    public record Batching(int workers, int batch, Duration delay, int queue, Duration patience) {
        /** A thread for each core, 32 series, 1 ms, a queue of 128 and of a quarter of a second. */
        public static Batching defaults() {
            return new Batching(Runtime.getRuntime().availableProcessors(), 32, Duration.ofMillis(1), 128,
                    Duration.ofMillis(250));
        }
    }

    /**
     * What one request may ask for. Beyond it the answer is 413 or 422, before memory is spent.
     *
     * @param bodyBytes of a body, after decompression
     * @param channels of all series in one request
     * @param history steps of a series
     * @param horizon steps of a forecast
     * @param numbers that one answer may hold: series × channels × horizon × (1 + quantiles)
     * @param levels of quantiles
     * @param depth of JSON
     * @param bodyTime within which a whole head must have arrived, and then the whole body
     * @param requestTime for which a connection may be silent between requests, and a client may take for a part of an answer
     * @param connections at a time; beyond it, the one whose client has been waited for longest is closed
     * @param series that are kept
     * @param listeners of their events at a time
     */
    public record Limits(int bodyBytes, int channels, int history, int horizon, int numbers, int levels, int depth,
            Duration bodyTime, Duration requestTime, int connections, int series, int listeners) {

        /** 16 MiB, 1,000 channels of 100,000 steps, a horizon of 10,000, a million numbers, 99 levels, depth 16; 10 s for a body; 1,000 connections, 10,000 kept series, 200 listeners. */
        public static Limits defaults() {
            return new Limits(16 << 20, 1000, 100_000, 10_000, 1_000_000, 99, 16, Duration.ofSeconds(10),
                    Duration.ofMinutes(5), 1000, 10_000, 200);
        }
    }

    /**
     * Where series are kept. Immutable.
     *
     * @param location a file, or a database as {@code jdbc:postgresql://host/name}
     * @param driver the jar of the database's driver; null when it is on the class path
     * @param user of the database; null when the location says it
     * @param password of the database; null for none
     */
    public record StoreSettings(String location, Path driver, String user, String password) {
        /** A file. */
        public static StoreSettings file(Path file) {
            return new StoreSettings(file.toString(), null, null, null);
        }

        /** Returns true if the location is a database. */
        public boolean isDatabase() {
            return location.startsWith("jdbc:");
        }

        /** Without secrets, which an address may hold too. */
        @Override
        public String toString() {
            return isDatabase() ? "a database" : location;
        }
    }

    /**
     * The key of the service. Immutable.
     *
     * @param keyStore a file of PKCS #12 or JKS with one private key and its certificates
     * @param password of the file and of the key
     * @param clientAuthorities a file of certificates in PEM, of which one must have signed that of a client, which then needs no
     *     token; null to ask for none
     */
    public record TlsSettings(Path keyStore, String password, Path clientAuthorities) {
        /** Without the password. */
        @Override
        public String toString() {
            return keyStore.toString();
        }
    }

    /**
     * What the service does beside answering requests. Immutable.
     *
     * @param models the folder of models that are fine-tuned, each of which is served under the name of its own folder there;
     *     null for none
     * @param webhooks addresses that receive anomalies of kept series
     * @param secret by which what is sent to webhooks is signed; null for none, where there are no webhooks
     * @param watch the series of a Prometheus that are forecast; null for none
     */
    public record Background(Path models, List<URI> webhooks, String secret, WatchSettings watch) {
        /** Nothing. */
        public static Background none() {
            return new Background(null, List.of(), null, null);
        }

        /** @throws IllegalArgumentException when there are webhooks and no secret, or one is no address of HTTP */
        public Background {
            webhooks = List.copyOf(webhooks);
            if (!webhooks.isEmpty() && (secret == null || secret.isEmpty())) {
                throw new IllegalArgumentException("webhooks: expected a secret to sign with");
            }
            for (URI webhook : webhooks) {
                if (webhook.getHost() == null || !List.of("http", "https").contains(webhook.getScheme())) {
                    throw new IllegalArgumentException(
                            "expected an address such as https://example.org/hook, found " + webhook);
                }
            }
        }

        /** Without the secret, and without addresses, which may hold some too. */
        @Override
        public String toString() {
            return "models in " + models + ", " + webhooks.size() + " webhooks, watch of " + watch;
        }
    }

    /**
     * Which series of a Prometheus are forecast, and how.
     *
     * @param prometheus its address, such as {@code http://localhost:9090}
     * @param token that it is sent; null for none
     * @param queries whose series are forecast
     * @param step the time between two values
     * @param every the time between two forecasts, a multiple of the step
     * @param horizon how far they reach, a multiple of the step
     * @param ahead how far ahead forecasts are offered, beside those for now
     * @param level of the intervals, outside of which a value is anomalous
     * @param mostSeries of all queries
     */
    public record WatchSettings(URI prometheus, String token, List<Query> queries, Duration step, Duration every,
            Duration horizon, List<Duration> ahead, double level, int mostSeries) {
        /** The most steps that one forecast may have. */
        public static final int MOST_STEPS = 10_000;

        /**
         * A query.
         *
         * @param name of its forecasts; null for that of each series
         * @param text in PromQL
         */
        public record Query(String name, String text) {}

        /** Checks that the times fit each other. */
        public WatchSettings {
            if (step.toMillis() < 1000) {
                throw new IllegalArgumentException("step " + step + ": expected a second or more");
            }
            requireMultiple("every", every, step);
            requireMultiple("horizon", horizon, step);
            if (every.compareTo(horizon) > 0) {
                throw new IllegalArgumentException("every " + every + ": expected at most the horizon, " + horizon);
            }
            if (horizon.dividedBy(step) > MOST_STEPS) {
                throw new IllegalArgumentException("horizon " + horizon + ": expected at most " + MOST_STEPS
                        + " steps of " + step + "; a longer step helps");
            }
            for (Duration time : ahead) {
                if (time.compareTo(step) >= 0 && time.compareTo(horizon) <= 0) continue;
                throw new IllegalArgumentException(
                        "ahead " + time + ": expected from the step, " + step + ", to the horizon, " + horizon);
            }
            queries = List.copyOf(queries);
            ahead = List.copyOf(ahead);
        }

        private static void requireMultiple(String name, Duration time, Duration step) {
            if (time.compareTo(step) >= 0 && time.toMillis() % step.toMillis() == 0) return;
            throw new IllegalArgumentException(name + " " + time + ": expected a multiple of the step, " + step);
        }

        /** Without the token, and without the address, which may hold one too. */
        @Override
        public String toString() {
            return queries + " of " + prometheus.getHost();
        }

        /** Steps from one forecast to the next. */
        public int everySteps() {
            return (int) every.dividedBy(step);
        }

        /** Steps that are forecast. */
        public int horizonSteps() {
            return (int) horizon.dividedBy(step);
        }
    }
}
