package org.ttm4j.ttm.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files that appear whole or not at all: written and forced to disk beside their target, then renamed. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file, replacing an existing one in one step. The target must not be a device or a pipe, which would be
     * replaced as well. A kill may leave a hidden file {@code .NAME.….tmp}, which nothing reads.
     *
     * @throws IOException when the file system refuses; the target is then as it was, and nothing is left beside it
     */
    public static void write(Path target, Content content) throws IOException {
        Path temporary = sibling(target);
        try {
            writeAndForce(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Writes a new file and forces it to disk, so that a later rename never outruns the content. */
    static void writeAndForce(Path file, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** A hidden, unused name in the same folder, hence on the same file system. */
    private static Path sibling(Path target) {
        return target.toAbsolutePath().resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }
}
