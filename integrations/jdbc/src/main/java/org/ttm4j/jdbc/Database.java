package org.ttm4j.jdbc;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ttm4j.data.series.Printable;

/**
 * The location of a database, and the credentials. The caller provides the driver, on the class path or as a jar.
 * Immutable and thread-safe.
 *
 * <pre>{@code
 * Database database = Database.of("jdbc:postgresql://db.example/plant").withEnvironment(System.getenv());
 * try (Connection connection = database.connect()) { … }
 * }</pre>
 *
 * Returned texts and messages of exceptions never contain the password or another credential.
 */
public final class Database {
    /** The environment variables with the user name, the password, or a file with both. */
    public static final String USER = "TTM_JDBC_USER";
    public static final String PASSWORD = "TTM_JDBC_PASSWORD";
    public static final String CREDENTIALS = "TTM_JDBC_CREDENTIALS";

    private static final String DUCKDB = "jdbc:duckdb:";
    /** The classes of each jar of a driver. */
    private static final Map<URI, ClassLoader> DRIVERS = new ConcurrentHashMap<>();

    private final String url;
    private final Properties properties;
    private final Path driver;

    private Database(String url, Properties properties, Path driver) {
        this.url = url;
        this.properties = properties;
        this.driver = driver;
    }

    /**
     * A database without credentials.
     *
     * @param url the JDBC URL, such as {@code jdbc:postgresql://host/database} or {@code jdbc:duckdb:file}
     */
    public static Database of(String url) {
        return new Database(url, new Properties(), null);
    }

    /** This database with the driver in a jar, which must contain its dependencies. */
    public Database withDriver(Path jar) {
        return new Database(url, properties, jar);
    }

    /** This database with additional properties for the driver, such as {@code user} and {@code password}. */
    public Database withProperties(Map<?, ?> more) {
        Properties all = new Properties();
        all.putAll(properties);
        all.putAll(more);
        return new Database(url, all, driver);
    }

    /**
     * This database with the user name and the password from {@link #USER} and {@link #PASSWORD}, or from the file
     * {@link #CREDENTIALS}, if these variables are set.
     *
     * @throws IOException as {@link #withCredentials}
     */
    public Database withEnvironment(Map<String, String> environment) throws IOException {
        Database with = this;
        if (environment.get(CREDENTIALS) != null) with = with.withCredentials(Path.of(environment.get(CREDENTIALS)));
        if (environment.get(USER) != null) with = with.withProperties(Map.of("user", environment.get(USER)));
        if (environment.get(PASSWORD) == null) return with;
        return with.withProperties(Map.of("password", environment.get(PASSWORD)));
    }

    /** This database with the properties in a file: lines such as {@code user=…} and {@code password=…}. */
    public Database withCredentials(Path file) throws IOException {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            read.load(reader);
        } catch (IllegalArgumentException malformed) {
            throw new DatabaseException(file + ": expected lines such as user=… and password=…");
        }
        return withProperties(read);
    }

    /**
     * A new connection, which the caller closes.
     *
     * @throws DatabaseException when no driver accepts the URL, or the database rejects the connection
     */
    public Connection connect() throws DatabaseException {
        Properties all = new Properties();
        // Without this property DuckDB keeps the whole result of a query in memory.
        if (url.startsWith(DUCKDB)) all.put("jdbc_stream_results", "true");
        all.putAll(properties);
        Exception refusal = null;
        try {
            for (Driver candidate : ServiceLoader.load(Driver.class, loader())) {
                boolean accepts = candidate.acceptsURL(url);
                try {
                    // A driver may not accept a malformed URL of its own kind, and says why only here.
                    Connection connection = candidate.connect(url, all);
                    if (connection != null) return connection;
                } catch (SQLException | RuntimeException e) {
                    if (accepts) throw e;
                    refusal = e;
                }
            }
        } catch (SQLException | RuntimeException | ServiceConfigurationError e) {
            throw problem("cannot connect to ", e);
        }
        if (refusal != null) throw problem("the driver does not take ", refusal);
        throw new DatabaseException("no driver for " + this
                + (driver == null ? " on the class path; name the jar of the driver" : " in " + driver));
    }

    private DatabaseException problem(String doing, Throwable cause) {
        String words = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new DatabaseException(doing + this, Secrets.hide(words, url, properties));
    }

    /** True if a connection can write while the rows of a query are read on it; not so for DuckDB. */
    public boolean writesWhileItReads() {
        return !url.startsWith(DUCKDB);
    }

    /** True if the database exists only as long as its connection. */
    public boolean isInMemory() {
        return url.equals(DUCKDB) || url.equals("jdbc:sqlite:") || url.contains(":memory:")
                || url.contains("mode=memory");
    }

    private ClassLoader loader() throws DatabaseException {
        if (driver == null) return Database.class.getClassLoader();
        if (!Files.isReadable(driver)) throw new DatabaseException(driver + ": no such jar of a driver");
        // Two copies of a native library in one process would not know of each other's locks. A jar sees no classes of this
        // program, which has some of H2's for its service.
        return DRIVERS.computeIfAbsent(driver.toUri(), jar -> {
            try {
                return new URLClassLoader(new URL[]{jar.toURL()}, ClassLoader.getPlatformClassLoader());
            } catch (java.net.MalformedURLException e) {
                throw new IllegalStateException("the address of a file is that of none: " + jar, e);
            }
        });
    }

    /** The URL without parameters and without anything that may be secret. */
    @Override
    public String toString() {
        return Printable.of(Secrets.bare(url));
    }

    /** Removes secrets from messages. */
    static final class Secrets {
        private static final String PARAMETER_START = "[?&;]";
        private static final Pattern PARAMETER = Pattern.compile(PARAMETER_START + "([^=?&;]+)=([^&;]*)");
        /** The user info extends to the last @, because a password may contain characters that otherwise end a host. */
        private static final Pattern USER_INFO = Pattern.compile("^(jdbc:[^:]*:(?:(?:thin|oci8?):(?://)?|//))(.*)@");
        private static final Pattern DRIVER = Pattern.compile("^jdbc:[^:]*:");
        /** A host followed by something other than a port, which may be a part of a password. */
        private static final Pattern UNCLEAR_HOST = Pattern.compile("//[^\\[/:]*:(?!\\d+([,/]|$))");
        private static final Pattern SECRET = Pattern.compile("(?i).*(pass|secret|token|key|credential).*");

        private Secrets() {}

        /**
         * A URL without its parameters, and without the name and password before the host. Only the name of the driver
         * is kept if the rest might contain a password.
         */
        static String bare(String url) {
            String whole = USER_INFO.matcher(url.split(PARAMETER_START, 2)[0]).replaceFirst("$1");
            Matcher driver = DRIVER.matcher(whole);
            return UNCLEAR_HOST.matcher(whole).find() && driver.find() ? driver.group() + "…" : whole;
        }

        /** Replaces the URL in a text by its {@link #bare} form, and secrets in parameters and properties by stars. */
        static String hide(String text, String url, Properties properties) {
            String hidden = text.replace(url, bare(url));
            for (String secret : secrets(url, properties)) hidden = hidden.replace(secret, "***");
            return hidden;
        }

        private static List<String> secrets(String url, Properties properties) {
            List<String> secrets = new ArrayList<>();
            for (Matcher matcher = PARAMETER.matcher(url); matcher.find();)
                add(secrets, matcher.group(1), matcher.group(2));
            Matcher user = USER_INFO.matcher(url.split(PARAMETER_START, 2)[0]);
            if (user.find()) {
                String info = user.group(2);
                // Oracle's driver separates name and password by a slash.
                int colon = info.indexOf(':');
                add(secrets, "password", info.substring((colon >= 0 ? colon : info.indexOf('/')) + 1));
            }
            for (String name : properties.stringPropertyNames()) add(secrets, name, properties.getProperty(name));
            // A secret that contains another one must be replaced first.
            secrets.sort(Comparator.comparingInt(String::length).reversed());
            return secrets;
        }

        private static void add(List<String> secrets, String name, String value) {
            if (SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches() && !value.isBlank()) secrets.add(value);
        }
    }
}
