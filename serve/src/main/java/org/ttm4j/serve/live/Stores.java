package org.ttm4j.serve.live;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.ttm4j.serve.settings.StoreSettings;
import org.ttm4j.serve.settings.Limits;

/** Opens the stores that there are: a file, or a database of PostgreSQL. */
final class Stores {
    /** Seconds that the database may be silent. */
    private static final String SILENCE = "30";

    private Stores() {}

    /** @throws IOException when it cannot be opened */
    static LiveSeries open(StoreSettings settings, Limits limits) throws IOException {
        if (!settings.isDatabase()) {
            EmbeddedStore store = EmbeddedStore.open(Path.of(settings.location()));
            return new LiveSeries(store, new Committer(store), limits);
        }
        JdbcStore.Database database = database(settings);
        return new LiveSeries(JdbcStore.reader(database), new Committer(JdbcStore.writer(database)), limits);
    }

    private static JdbcStore.Database database(StoreSettings settings) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("socketTimeout", SILENCE);
        properties.setProperty("tcpKeepAlive", "true");
        if (settings.user() != null) properties.setProperty("user", settings.user());
        if (settings.password() != null) properties.setProperty("password", settings.password());
        Driver driver = driver(settings);
        return () -> {
            Connection connection = driver.connect(settings.location(), properties);
            if (connection == null) throw new SQLException("the driver does not take this address");
            return connection;
        };
    }

    private static Driver driver(StoreSettings settings) throws IOException {
        try {
            if (settings.driver() == null) return DriverManager.getDriver(settings.location());
            if (!Files.isRegularFile(settings.driver())) throw new IOException(settings.driver() + ": no such file");
            ClassLoader loader = new URLClassLoader(new URL[]{settings.driver().toUri().toURL()},
                    Stores.class.getClassLoader());
            for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
                if (driver.acceptsURL(settings.location())) return driver;
            }
        } catch (SQLException | ServiceConfigurationError e) {
            // The exception below says what to do.
        }
        throw new IOException("no JDBC driver takes the address of the store: expected one such as "
                + "jdbc:postgresql://host:5432/name, with %25 for a %, and the jar of a driver such as "
                + "org.postgresql:postgresql");
    }
}
