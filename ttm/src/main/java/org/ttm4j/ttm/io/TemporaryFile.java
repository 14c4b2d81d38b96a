package org.ttm4j.ttm.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A hidden file {@code .NAME.UUID.tmp} in the folder of its target, and so on the same file system, which is deleted
 * when closed. The writer holds a lock on it as long as it runs. The first time that a process opens such a file in a
 * folder, it deletes the unlocked ones of killed processes.
 *
 * @param path the file, to be renamed to the target
 * @param channel for writing
 */
record TemporaryFile(Path path, FileChannel channel) implements AutoCloseable {
    private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();
    /** The files of this process. Opening and closing such a file again would release its lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    static TemporaryFile beside(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (SWEPT.add(folder)) sweep(folder);
        while (true) {
            Path path = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            OWN.add(path);
            TemporaryFile file = new TemporaryFile(path, create(path, target));
            lock(file.channel);
            if (Files.exists(path)) return file;
            // Another process deleted the file before it was locked.
            file.close();
        }
    }

    private static FileChannel create(Path path, Path target) throws IOException {
        try {
            return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            OWN.remove(path);
            throw AtomicFile.ofTemporary(target, e);
        }
    }

    private static void lock(FileChannel channel) {
        try {
            channel.lock();
        } catch (IOException noLocksOnThisFileSystem) {
            // Then no other process can lock the file to delete it either.
        }
    }

    /** Deletes the temporary files of processes that have ended, if this process has the permission. */
    static void sweep(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.tmp")) {
            for (Path file : files) {
                boolean temporary = file.getFileName().toString().matches("\\..*\\." + UUID_PATTERN + "\\.tmp");
                if (temporary && !OWN.contains(file)) deleteUnlocked(file);
            }
        } catch (IOException unreadable) {
            // The following write reports what is wrong with the folder.
        }
    }

    private static void deleteUnlocked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) Files.deleteIfExists(file);
        } catch (IOException | OverlappingFileLockException notOurs) {
            // The file is kept.
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(path);
        } finally {
            OWN.remove(path);
        }
    }
}
