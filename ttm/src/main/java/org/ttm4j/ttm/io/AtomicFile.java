package org.ttm4j.ttm.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes files that appear complete or not at all: the content is written to a temporary file in the same folder and
 * forced to disk, the file is renamed, and the rename is forced to disk.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file, replacing an existing one in one step. The target must not be a device or a pipe, which would be
     * replaced as well. If the process is killed, a hidden file {@code .NAME.….tmp} may remain, which no one reads and
     * the next program that writes into the folder deletes.
     *
     * @throws IOException naming the target, when it cannot be written; the target is then unchanged, and no temporary
     *     file remains
     */
    public static void write(Path target, Content content) throws IOException {
        try (TemporaryFile temporary = TemporaryFile.beside(target)) {
            fill(temporary.channel(), content);
            Files.move(temporary.path(), target, StandardCopyOption.ATOMIC_MOVE);
            forceFolder(target);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw named(target, e);
        }
    }

    /** Writes a new file that will be renamed to the target, and forces it to disk, before the rename. */
    static void writeAndForce(Path file, Path target, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            fill(channel, content);
        } catch (IOException e) {
            throw named(target, e);
        }
    }

    /** Forces the name of a file to disk. Has no effect on systems that cannot open folders, such as Windows. */
    static void forceFolder(Path file) throws IOException {
        FileChannel opened;
        try {
            opened = FileChannel.open(file.toAbsolutePath().getParent());
        } catch (IOException folderCannotBeOpened) {
            return;
        }
        try (FileChannel folder = opened) {
            folder.force(true);
        }
    }

    private static void fill(FileChannel channel, Content content) throws IOException {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
    }

    /** Converts an error of creating a temporary file or folder to one that names the target. */
    static IOException ofTemporary(Path target, IOException error) {
        if (error instanceof NoSuchFileException) {
            return new NoSuchFileException(target.toString(), null, "no such folder");
        }
        if (error instanceof AccessDeniedException) return new AccessDeniedException(target.toString());
        return named(target, error);
    }

    /**
     * Converts an error to one that names the target. Errors of a stream, such as "No space left on device", name no
     * file, and those of the file system, such as "Read-only file system", name the temporary file.
     */
    static IOException named(Path target, IOException error) {
        String reason = null;
        if (error.getClass() == IOException.class) reason = error.getMessage();
        if (error.getClass() == FileSystemException.class) reason = ((FileSystemException) error).getReason();
        if (reason == null) return error;
        FileSystemException named = new FileSystemException(target.toString(), null, reason);
        named.initCause(error);
        return named;
    }

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
}
