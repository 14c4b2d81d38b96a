package org.ttm4j.serve.settings;

import java.nio.file.Path;

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
