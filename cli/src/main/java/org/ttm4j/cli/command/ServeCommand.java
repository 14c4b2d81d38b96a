package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.serve.ForecastServer;
import org.ttm4j.serve.settings.Settings;

/** {@code ttm serve}: forecasts over HTTP until the process is asked to end. */
public final class ServeCommand extends Command {
    private static final String MCP = "--mcp";
    private static final Logger OF_THE_SERVER = Logger.getLogger("io.helidon");

    /** The options that do not concern Prometheus. */
    static final List<Option> OPTIONS = List.of(
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
        return join(OPTIONS, ServeSettings.WATCH);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        if (arguments.optionalOperand() != null) throw new UsageException("expected no operand");
        Settings settings = ServeSettings.of(arguments, console);
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
            return join(ServeSettings.WATCH,
                    OPTIONS.stream().filter(option -> OF_THE_SERVICE.contains(option.name())).toList());
        }

        @Override
        public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
            if (arguments.optionalOperand() != null) throw new UsageException("expected no operand");
            Settings settings = ServeSettings.of(arguments, console).withStore(null);
            if (settings.background().watch() == null) throw new UsageException("expected --prometheus URL --query Q");
            return serve(settings, null, console);
        }
    }
}
