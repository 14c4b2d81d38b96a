package org.ttm4j.cli.command;

import java.io.IOException;
import java.util.List;
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
public final class ServeCommand implements Command {
    private static final Logger OF_THE_SERVER = Logger.getLogger("io.helidon");

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String operands() {
        return "";
    }

    @Override
    public String summary() {
        return "answer requests for forecasts over HTTP";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("--host", "ADDRESS", "address to listen on (default: 127.0.0.1, this machine alone)"),
                new Option("--port", "N", "port to listen on (default: 8080; 0: any that is free)"),
                new Option("--model", "NAME|DIR,…",
                        "bundled models and checkpoint folders to serve under their names, beside default"),
                new Option("--models", "DIR",
                        "folder of fine-tuned models, which POST /v1/models adds to (default: none)"),
                new Option("--webhook", "URL,…", "addresses that are told of anomalies of kept series (default: none)"),
                new Option("--webhook-secret-file", "FILE", "file with the secret that signs what webhooks are sent"),
                new Option("--token-file", "FILE", "file with the token that requests must have"),
                Option.flag("--anyone", "let others than this machine in without a token"),
                new Option("--cors", "ORIGIN", "pages of this origin may call (default: none)"),
                new Option("--tls", "FILE", "key store of PKCS #12 or JKS: serve HTTPS with its key"),
                new Option("--tls-password-file", "FILE", "file with its password (default: TTM_TLS_PASSWORD)"),
                new Option("--store", "FILE",
                        "where series are kept, jdbc:postgresql://… or none (default: "
                                + "~/.local/state/ttm/series.mv)"),
                new Option("--driver", "JAR", "the JDBC driver of --store jdbc:…, such as org.postgresql:postgresql"),
                new Option("--workers", "N", "threads that run models (default: one for each core)"),
                new Option("--queue", "N", "requests that wait at most; then the answer is 429 (default: 128)"),
                new Option("--batch-delay", "MS", "milliseconds that a series waits for others at most (default: 1)"));
    }

    @Override
    public String details() {
        return """
                Standard output gets a line of JSON for each request, standard error the address, and then that the
                models are warm. docs/serve.md has the routes; so has /openapi.json of the service. TTM_STORE_USER and
                TTM_STORE_PASSWORD are the credentials of a database. SIGTERM stops it once the requests that have
                begun are answered.
                """;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        if (arguments.optionalOperand() != null) throw new UsageException("expected no operand");
        Settings settings = ServeSettings.of(arguments, console);
        // A start that fails is said below.
        OF_THE_SERVER.setLevel(Level.OFF);
        try (ForecastServer server = ForecastServer.start(settings, console.out())) {
            // Whatever concerns a request is in its answer and in the log.
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
        } catch (InterruptedException e) {
            throw new CommandException("interrupted", e);
        }
    }
}
