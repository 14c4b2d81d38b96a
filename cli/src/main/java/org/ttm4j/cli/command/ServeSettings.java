package org.ttm4j.cli.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.serve.settings.Settings;
import org.ttm4j.serve.settings.Settings.Background;
import org.ttm4j.serve.settings.Settings.Batching;
import org.ttm4j.serve.settings.Settings.StoreSettings;
import org.ttm4j.serve.settings.Settings.TlsSettings;
import org.ttm4j.ttm.BundledModels;

/** The arguments of {@code ttm serve}, and the secrets that its environment holds. */
final class ServeSettings {
    private static final int LAST_PORT = 65_535;

    private ServeSettings() {}

    static Settings of(Arguments arguments, Console console) throws IOException {
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
                .withAccess(null, arguments.flag("--anyone"), arguments.text("--cors"))
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
        try {
            return new Background(console.path(arguments.text("--models")),
                    arguments.list("--webhook").stream().map(URI::create).toList(),
                    secret == null ? null : read(secret, console).strip(), WatchOptions.of(arguments));
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
}
