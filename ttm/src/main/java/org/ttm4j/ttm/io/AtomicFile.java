package org.ttm4j.ttm.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

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
}
