package org.ttm4j.cli.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.serve.ForecastServer;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Background;
import org.ttm4j.serve.settings.Settings.Batching;
import org.ttm4j.serve.settings.Settings.StoreSettings;
import org.ttm4j.serve.settings.Settings.TlsSettings;
import org.ttm4j.serve.settings.Settings.WatchSettings;
import org.ttm4j.ttm.BundledModels;

/** {@code ttm serve}: forecasts over HTTP until the process is asked to end. */
public final class ServeCommand extends Command {
    private static final String MCP = "--mcp";
    private static final Logger OF_THE_SERVER = Logger.getLogger("io.helidon");

    /** The options that do not concern Prometheus. */
    private static final List<Option> OPTIONS = List.of(
            new Option("--host", "ADDRESS", "address to listen on (default: 127.0.0.1, this machine alone)"),
            new Option("--port", "N", "port to listen on (default: 8080; 0: any that is free)"),
            new Option("--model", "NAME|DIR,…",
                    "bundled models and checkpoint folders to serve under their names, beside default"),
            new Option("--models", "DIR", "folder of fine-tuned models, which POST /v1/models adds to (default: none)"),
            new Option("--webhook", "URL,…", "addresses that are told of anomalies of kept series (default: none)"),
            new Option("--webhook-secret-file", "FILE", "file with the secret that signs what webhooks are sent"),
            new Option("--token-file", "FILE",
                    "file with the token that requests must have, or with a line for each client"),
            Option.flag("--anyone", "let others than this machine in without a token"),
            new Option("--cors", "ORIGIN", "pages of this origin may call (default: none)"),
            new Option("--tls", "FILE", "key store of PKCS #12 or JKS: serve HTTPS with its key"),
            new Option("--tls-password-file", "FILE", "file with its password (default: TTM_TLS_PASSWORD)"),
            new Option("--tls-clients", "FILE",
                    "authorities in PEM: a client with a certificate of theirs needs no token"),
            new Option("--store", "FILE",
                    "where series are kept, jdbc:postgresql://… or none (default: " + "~/.local/state/ttm/series.mv)"),
            new Option("--driver", "JAR", "the JDBC driver of --store jdbc:…, such as org.postgresql:postgresql"),
            Option.repeatable(MCP, "DIR",
                    "let assistants read files below this folder, by /mcp; give it once for each"),
            new Option("--workers", "N", "threads that run models (default: one for each core)"),
            new Option("--queue", "N", "requests that wait at most; then the answer is 429 (default: 128)"),
            new Option("--batch-delay", "MS", "milliseconds that a series waits for others at most (default: 1)"));

    /** The options for the series of a Prometheus. */
    private static final List<Option> WATCH = List.of(
            new Option("--prometheus", "URL", "forecast series of this Prometheus, such as http://localhost:9090"),
            Option.repeatable("--query", "Q",
                    "the series, in PromQL; NAME=Q names their forecasts; give it once for each"),
            new Option("--horizon", "TIME", "how far forecasts reach, such as 1d (default: 1d)"),
            new Option("--every", "TIME", "time from one forecast to the next (default: 10m)"),
            new Option("--step", "TIME", "time between two values (default: --every)"),
            new Option("--ahead", "TIME,…", "offer forecasts for so far ahead too (default: 1h,4h within the horizon)"),
            new Option("--level", "P", "the share of values that intervals are to hold (default: 0.99)"),
            new Option("--most-series", "N", "series at most (default: 1000)"));

    private static final Pattern NAMED = Pattern.compile("\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*=([^=~].*)",
            Pattern.DOTALL);
    private static final Pattern TIME = Pattern.compile("([1-9]\\d{0,8})([smhdw])");
    private static final Map<String, ChronoUnit> UNITS = Map.of("s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h",
            ChronoUnit.HOURS, "d", ChronoUnit.DAYS, "w", ChronoUnit.WEEKS);
    private static final int USUAL_MOST = 1000;
    private static final int LAST_PORT = 65_535;

    private final Assistants assistants;

    /** Makes the function that answers messages of assistants, which may read files below the given folders. */
    @FunctionalInterface
    public interface Assistants {
        /** A function from a message to its answer; null if no answer is due. */
        UnaryOperator<String> of(List<Path> folders) throws CommandException;
    }

    /** A command that serves assistants if {@code --mcp} is given. */
    public ServeCommand(Assistants assistants) {
        super("serve", "", "answer requests for forecasts over HTTP", """
                Standard output gets a line of JSON for each request, standard error the address, and then that the
                models are warm. docs/serve.md has the routes; so has /openapi.json of the service. TTM_STORE_USER and
                TTM_STORE_PASSWORD are the credentials of a database. With --prometheus, /metrics has forecasts too, as
                ttm watch --help says. SIGTERM stops it once the requests that have begun are answered,
                after 25 seconds at most.

                The line of a client in --token-file is NAME TOKEN, or NAME sha256:DIGEST, and what it may ask for:
                rate=N requests a second, burst=N of them at once, series=N and runs=N in a request. The file is read
                anew when it changes.
                """);
        this.assistants = assistants;
    }

    @Override
    public List<Option> options() {
        return join(OPTIONS, WATCH);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        if (arguments.optionalOperand() != null) throw new UsageException("expected no operand");
        Settings settings = settings(arguments, console);
        List<Path> folders = new ArrayList<>();
        for (String name : arguments.all(MCP)) folders.add(console.path(name));
        return serve(settings, folders.isEmpty() ? null : assistants.of(folders), console);
    }

    /** Serves until the process is asked to end. */
    static int serve(Settings settings, UnaryOperator<String> messages, Console console)
            throws IOException, InterruptedException {
        // A failed start is reported below.
        OF_THE_SERVER.setLevel(Level.OFF);
        try (ForecastServer server = ForecastServer.start(settings, console.out(), messages)) {
            // Problems of requests are in their answers and in the access log.
            OF_THE_SERVER.setLevel(Level.SEVERE);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            console.say("ttm: listening on " + (settings.tls() == null ? "http://" : "https://") + settings.host() + ":"
                    + server.port());
            server.awaitReady();
            console.say("ttm: ready");
            server.awaitStop();
            return OK;
        } catch (IllegalArgumentException e) {
            throw new UsageException("--host: " + e.getMessage() + " (--token-file, --anyone)");
        }
    }

    /** The settings that the arguments say, with the secrets that the environment holds. */
    private static Settings settings(Arguments arguments, Console console) throws IOException {
        Batching batches = Batching.defaults();
        batches = new Batching(arguments.integer("--workers", batches.workers(), 1, 1024), batches.batch(),
                Duration.ofMillis(arguments.integer("--batch-delay", (int) batches.delay().toMillis(), 0, 1000)),
                arguments.integer("--queue", batches.queue(), 1, 1_000_000), batches.patience());
        Settings settings = Settings.defaults();
        String host = arguments.text("--host");
        return settings
                .withAddress(host == null ? settings.host() : host,
                        arguments.integer("--port", settings.port(), 0, LAST_PORT))
                .withModels(bundled(arguments), folders(arguments, console))
                .withAccess(null, arguments.flag("--anyone"), origin(arguments.text("--cors")))
                .withTokenFile(console.path(arguments.text("--token-file")))
                .withBatches(batches)
                .withStore(store(arguments, console))
                .withTls(tls(arguments, console))
                .withBackground(background(arguments, console));
    }

    private static Background background(Arguments arguments, Console console) throws IOException {
        String secret = arguments.text("--webhook-secret-file");
        if (secret != null && arguments.list("--webhook").isEmpty()) {
            throw new UsageException("--webhook-secret-file: expected with --webhook");
        }
        Path models = console.path(arguments.text("--models"));
        if (models != null) OutputFile.requireFolder(models, "--models");
        try {
            return new Background(models, arguments.list("--webhook").stream().map(URI::create).toList(),
                    secret == null ? null : read(secret, console).strip(), watch(arguments));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--webhook: " + e.getMessage() + " (--webhook-secret-file)");
        }
    }

    private static Set<String> bundled(Arguments arguments) throws UsageException {
        return arguments.list("--model").stream().filter(BundledModels.names()::contains).collect(Collectors.toSet());
    }

    /** Checkpoints by the names of their folders. */
    private static Map<String, Path> folders(Arguments arguments, Console console) throws UsageException {
        Map<String, Path> folders = new LinkedHashMap<>();
        for (String name : arguments.list("--model")) {
            if (BundledModels.names().contains(name)) continue;
            Path folder = console.path(name);
            if (!Files.isDirectory(folder)) {
                throw new UsageException("--model: expected a folder with config.json and model.safetensors, found "
                        + Printable.quoted(name));
            }
            String last = folder.toAbsolutePath().normalize().toFile().getName();
            if (!last.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}") || folders.put(last, folder) != null) {
                throw new UsageException("--model: expected folders with different names of letters, digits, dots, "
                        + "hyphens and underscores, found " + Printable.quoted(last));
            }
        }
        return folders;
    }

    /** An origin as browsers write it: one with a path, or with capitals, would equal none of theirs. */
    private static String origin(String text) throws UsageException {
        if (text == null || text.matches("[a-z][a-z0-9+.-]*://[^\\sA-Z/?#@,*]+|null")) return text;
        throw new UsageException(
                "--cors: expected an origin such as https://example.org, found " + Printable.quoted(text));
    }

    private static String read(String file, Console console) throws IOException {
        Path path = console.path(file);
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw DataException.unreadable(file, 0, e);
        }
    }

    private static StoreSettings store(Arguments arguments, Console console) throws UsageException {
        String store = arguments.text("--store");
        String driver = arguments.text("--driver");
        if (store == null || !store.startsWith("jdbc:")) {
            if (driver != null) throw new UsageException("--driver: expected with --store jdbc:… alone");
            if (store == null) return StoreSettings.file(stateFolder().resolve("ttm/series.mv"));
            return store.equals("none") ? null : StoreSettings.file(console.path(store));
        }
        Console.silenceLogs();
        return new StoreSettings(store, console.path(driver), System.getenv("TTM_STORE_USER"),
                System.getenv("TTM_STORE_PASSWORD"));
    }

    /** Where programs keep what they need at the next start. Source: XDG Base Directory Specification 0.8. */
    private static Path stateFolder() {
        String folder = System.getenv("XDG_STATE_HOME");
        return folder != null && folder.startsWith("/")
                ? Path.of(folder)
                : Path.of(System.getProperty("user.home"), ".local", "state");
    }

    private static TlsSettings tls(Arguments arguments, Console console) throws IOException {
        String keyStore = arguments.text("--tls");
        String file = arguments.text("--tls-password-file");
        String clients = arguments.text("--tls-clients");
        if (keyStore == null) {
            if (file != null) throw new UsageException("--tls-password-file: expected with --tls alone");
            if (clients != null) throw new UsageException("--tls-clients: expected with --tls alone");
            return null;
        }
        String password = file == null ? System.getenv("TTM_TLS_PASSWORD") : read(file, console).stripTrailing();
        if (password == null) {
            throw new CommandException("--tls: expected the password of the key store in --tls-password-file or in the "
                    + "environment variable TTM_TLS_PASSWORD");
        }
        return new TlsSettings(console.path(keyStore), password, console.path(clients));
    }

    /** The series to watch; null without {@code --prometheus}. */
    private static WatchSettings watch(Arguments arguments) throws UsageException {
        String address = arguments.text("--prometheus");
        List<String> texts = arguments.all("--query");
        if (address == null) {
            arguments.requireNone(WATCH, "--prometheus URL");
            return null;
        }
        List<WatchSettings.Query> queries = new ArrayList<>();
        for (String text : texts) {
            Matcher named = NAMED.matcher(text);
            queries.add(named.matches()
                    ? new WatchSettings.Query(named.group(1), named.group(2).strip())
                    : new WatchSettings.Query(null, text));
        }
        if (queries.isEmpty()) throw new UsageException("--prometheus: expected --query Q");
        Duration every = time("--every", arguments.text("--every"), Duration.ofMinutes(10));
        Duration horizon = time("--horizon", arguments.text("--horizon"), Duration.ofDays(1));
        Duration step = time("--step", arguments.text("--step"), every);
        List<Duration> ahead = new ArrayList<>();
        for (String text : arguments.list("--ahead")) ahead.add(time("--ahead", text, null));
        if (ahead.isEmpty()) {
            for (int hours : new int[]{1, 4}) {
                Duration usual = Duration.ofHours(hours);
                if (usual.compareTo(horizon) <= 0 && usual.compareTo(step) >= 0) ahead.add(usual);
            }
        }
        try {
            return new WatchSettings(address(address), System.getenv("TTM_PROMETHEUS_TOKEN"), queries, step, every,
                    horizon, ahead, arguments.number("--level", AnomalySearch.USUAL_LEVEL, AnomalySearch.LEAST_LEVEL,
                            AnomalySearch.MOST_LEVEL),
                    arguments.integer("--most-series", USUAL_MOST, 1, 1_000_000));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }

    private static URI address(String text) throws UsageException {
        if (text.matches("https?://[^\\s/?#@]+(/[^\\s?#]*)?")) {
            try {
                return URI.create(text);
            } catch (IllegalArgumentException notOne) {
                // Said below.
            }
        }
        throw new UsageException(
                "--prometheus: expected an address such as http://localhost:9090, found " + Printable.quoted(text));
    }

    private static Duration time(String option, String text, Duration otherwise) throws UsageException {
        if (text == null) return otherwise;
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new UsageException(
                    option + ": expected a time such as 30s, 10m, 4h, 1d or 1w, found " + Printable.quoted(text));
        }
        return UNITS.get(time.group(2)).getDuration().multipliedBy(Long.parseLong(time.group(1)));
    }

    /** {@code ttm watch}: forecasts of the series of a Prometheus, for it to scrape. */
    public static final class Watch extends Command {
        private static final Set<String> OF_THE_SERVICE = Set.of("--host", "--port", "--token-file", "--anyone",
                "--tls", "--tls-password-file");

        private static final String DETAILS = """
                /metrics of the service that this starts has NAME:predicted with the labels of each series and
                ml_forecast="yhat", "yhat_lower" or "yhat_upper": what is forecast for now, and with ml_ahead="4h" for
                so far ahead; and NAME:anomalous, -1 or 1 where an unusual value lies below or above its forecast, else 0.
                NAME is that of the series, unless the query has one. The history, 2,048 steps, is read from the
                Prometheus, again after a restart. TTM_PROMETHEUS_TOKEN is sent to it as a bearer token. docs/serve.md
                has the configuration of the scrape, and serve/monitoring the rules for alerts.
                """;

        public Watch() {
            super("watch", "--prometheus URL --query Q",
                    "forecast series of a Prometheus, and offer the forecasts and what is anomalous for scraping",
                    DETAILS);
        }

        @Override
        public List<Option> options() {
            return join(WATCH, OPTIONS.stream().filter(option -> OF_THE_SERVICE.contains(option.name())).toList());
        }

        @Override
        public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
            if (arguments.optionalOperand() != null) throw new UsageException("expected no operand");
            Settings settings = settings(arguments, console).withStore(null);
            if (settings.background().watch() == null) throw new UsageException("expected --prometheus URL --query Q");
            return serve(settings, null, console);
        }
    }
}
