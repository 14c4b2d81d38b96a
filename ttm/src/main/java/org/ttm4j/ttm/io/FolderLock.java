package org.ttm4j.ttm.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets only one training at a time write to a folder, which need not exist yet. The lock is a locked file
 * {@code .NAME.lock} beside the folder, which is deleted when closed, as are the folders above that were made for it and
 * are still empty. If a program is killed, its file is no longer locked. If such a file cannot be created or locked, there
 * is no protection.
 */
public final class FolderLock implements AutoCloseable {
    /** The lock files of this process. Opening and closing such a file again would release its lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path file;
    /** The folders that were missing, the innermost first. */
    private final List<Path> made;
    private FileChannel channel;

    private FolderLock(Path file, List<Path> made) {
        this.file = file;
        this.made = made;
    }

    /**
     * Acquires the lock and creates missing parent folders.
     *
     * @throws FileSystemException naming the folder when another program, or another thread of this one, holds its lock
     */
    public static FolderLock of(Path folder) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        Path above = target.getParent() == null ? target : target.getParent(); // the root has no parent
        List<Path> missing = new ArrayList<>();
        for (Path one = above; one != null && Files.notExists(one); one = one.getParent()) missing.add(one);
        Files.createDirectories(above);
        FolderLock lock = new FolderLock(above.resolve("." + target.getFileName() + ".lock"), missing);
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
            // The file is missing if its previous holder deleted it just now.
            return channel.tryLock() != null && Files.exists(file);
        } catch (OverlappingFileLockException lockedByAnotherClassLoader) {
            return false;
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
        try {
            for (Path folder : made) Files.deleteIfExists(folder);
        } catch (IOException used) {
            // The folder is not empty: training has written to it.
        }
    }
}
