package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.serve.ForecastServer;
import org.ttm4j.serve.settings.Batching;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.ttm.BundledModels;

/** {@code ttm serve}: forecasts over HTTP until the process is asked to end. */
public final class ServeCommand implements Command {
    private static final int LAST_PORT = 65_535;
    private static final int LEAST_TOKEN = 16;
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
                new Option("--model", "DIR,DIR", "checkpoint folders to serve beside the bundled models"),
                new Option("--token-file", "FILE", "file with the token that requests must have"),
                Option.flag("--anyone", "let others than this machine in without a token"),
                new Option("--cors", "ORIGIN", "pages of this origin may call (default: none)"),
                new Option("--workers", "N", "threads that run models (default: one for each core)"),
                new Option("--queue", "N", "series that wait at most; then the answer is 429 (default: 128)"),
                new Option("--batch-delay", "MS", "milliseconds that a series waits for others at most (default: 1)"));
    }

    @Override
    public String details() {
        return """
                Standard output gets a line of JSON for each request, standard error the address, and then that the
                models are warm. docs/serve.md has the routes; so has /openapi.json of the service. SIGTERM stops it
                once the requests that have begun are answered.
                """;
    }

    @Override
    public int run(Arguments arguments, Console console) throws UsageException, CommandException, IOException {
        if (arguments.optionalOperand(null) != null) throw new UsageException("expected no operand");
        Batching batches = Batching.defaults();
        batches = new Batching(arguments.integer("--workers", batches.workers(), 1, 1024), batches.batch(),
                Duration.ofMillis(arguments.integer("--batch-delay", (int) batches.delay().toMillis(), 0, 1000)),
                arguments.integer("--queue", batches.queue(), 1, 1_000_000));
        String host = arguments.text("--host");
        Settings settings = Settings.defaults()
                .withAddress(host == null ? "127.0.0.1" : host, arguments.integer("--port", 8080, 0, LAST_PORT))
                .withModels(models(arguments, console))
                .withAccess(token(arguments, console), arguments.flag("--anyone"), arguments.text("--cors"))
                .withBatches(batches);
        // Whatever concerns a request is in its answer and in the log.
        OF_THE_SERVER.setLevel(Level.SEVERE);
        try (ForecastServer server = ForecastServer.start(settings, console.out())) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            console.say("ttm: listening on http://" + settings.host() + ":" + server.port());
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

    /** Checkpoints by the names of their folders. */
    private static Map<String, Path> models(Arguments arguments, Console console) throws UsageException {
        Map<String, Path> folders = new LinkedHashMap<>();
        for (String name : arguments.list("--model")) {
            if (BundledModels.names().contains(name)) continue;
            Path folder = console.path(name);
            if (!Files.isDirectory(folder)) {
                throw new UsageException("--model: expected a folder with config.json and model.safetensors, found "
                        + Printable.quoted(name));
            }
            String last = folder.toAbsolutePath().normalize().getFileName().toString();
            if (!last.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}") || folders.put(last, folder) != null) {
                throw new UsageException("--model: expected folders with different names of letters, digits, dots, "
                        + "hyphens and underscores, found " + Printable.quoted(last));
            }
        }
        return folders;
    }

    private static String token(Arguments arguments, Console console)
            throws UsageException, CommandException, IOException {
        String file = arguments.text("--token-file");
        if (file == null) return null;
        String token;
        try {
            token = Files.readString(console.path(file)).strip();
        } catch (IOException e) {
            throw DataException.unreadable(file, 0, e);
        }
        if (token.length() >= LEAST_TOKEN && token.matches("[!-~]+")) return token;
        throw new CommandException("--token-file: expected at least " + LEAST_TOKEN
                + " printable ASCII characters without blanks, such as those of openssl rand -hex 32");
    }
}
