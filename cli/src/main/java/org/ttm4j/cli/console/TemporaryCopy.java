package org.ttm4j.cli.console;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Folders for copies of what can be read only once, such as standard input and the rows of a query. Each is deleted at the
 * end of the program; those that a kill has left, when the next one is made. A program holds a lock in its own.
 */
final class TemporaryCopy {
    private static final String PREFIX = "ttm-copy-";
    private static final String LOCK = "lock";
    /** Those of this program. To open one again and to close it would release it. */
    private static final List<FileChannel> LOCKS = new ArrayList<>();

    private TemporaryCopy() {}

    /** The path of a new file, alone in a folder that only this user can read. */
    static synchronized Path file(String name) throws IOException {
        Path all = Path.of(System.getProperty("java.io.tmpdir"));
        if (LOCKS.isEmpty()) sweep(all);
        while (true) {
            Path folder = Files.createTempDirectory(all, PREFIX);
            Path lock = folder.resolve(LOCK);
            FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // Where the file system has no locks, nobody can take this one to delete the folder either.
            boolean locked = tryLock(channel);
            LOCKS.add(channel);
            if (locked && !Files.exists(lock)) continue; // another program swept it before it was locked
            for (Path left : List.of(folder, lock, folder.resolve(name))) left.toFile().deleteOnExit();
            return folder.resolve(name);
        }
    }

    /** Deletes the folders of programs that are gone, as far as this one may. */
    static void sweep(Path all) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(all, PREFIX + "*")) {
            for (Path folder : folders) deleteUnlocked(folder);
        } catch (IOException unreadable) {
            // To make a folder, which comes next, says what is wrong.
        }
    }

    private static void deleteUnlocked(Path folder) {
        Path lock = folder.resolve(LOCK);
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            if (!tryLock(channel)) return;
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) if (!file.equals(lock)) Files.deleteIfExists(file);
            }
            // Last: without it, a copy that a kill leaves here would stay.
            Files.deleteIfExists(lock);
            Files.deleteIfExists(folder);
        } catch (IOException notOurs) {
            // It stays.
        }
    }

    private static boolean tryLock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException noLock) {
            return false;
        }
    }
}
