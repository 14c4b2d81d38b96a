package org.ttm4j.ttm.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a folder, which need not exist yet, for one training at a time: a locked file {@code .NAME.lock} beside it, deleted
 * when closed. The file of a program that was killed is no longer locked. Where no such file can be made or locked, nothing
 * is kept.
 */
public final class FolderLock implements AutoCloseable {
    /** Those of this process: to open one here and to close it again would release its lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path file;
    private FileChannel channel;

    private FolderLock(Path file) {
        this.file = file;
    }

    /**
     * Takes the lock. The folders above are made where they are missing.
     *
     * @throws FileSystemException naming the folder when another program, or another thread of this one, holds its lock
     */
    public static FolderLock of(Path folder) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        Path above = target.getParent() == null ? target : target.getParent(); // nothing is above the root
        Files.createDirectories(above);
        FolderLock lock = new FolderLock(above.resolve("." + target.getFileName() + ".lock"));
        if (OWN.add(lock.file)) {
            if (lock.take()) return lock;
            lock.release();
        }
        throw new FileSystemException(folder.toString(), null,
                "another training writes this folder; wait until it has ended, or choose another folder");
    }

    private boolean take() {
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // A holder that ended just now has deleted it.
            return channel.tryLock() != null && Files.exists(file);
        } catch (IOException noFileOrNoLocksHere) {
            return true;
        }
    }

    private void release() throws IOException {
        try {
            if (channel != null) channel.close();
        } finally {
            OWN.remove(file);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) Files.deleteIfExists(file);
        release();
    }
}
