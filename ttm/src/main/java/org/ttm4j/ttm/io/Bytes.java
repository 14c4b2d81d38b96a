package org.ttm4j.ttm.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files and other inputs, with errors that name them. */
final class Bytes {
    private Bytes() {}

    interface Opener {
        InputStream open() throws IOException;
    }

    interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    /** Opens an input, reads a value from it, and closes it. Errors name {@code source}. */
    static <T> T read(Opener input, String source, Reader<T> reader) throws CheckpointException {
        try (InputStream in = input.open()) {
            return reader.read(in);
        } catch (CheckpointException alreadySaysWhere) {
            throw alreadySaysWhere;
        } catch (IOException e) {
            throw new CheckpointException(source, "cannot be read: " + e, e);
        }
    }

    static <T> T read(Path file, Reader<T> reader) throws CheckpointException {
        if (Files.isRegularFile(file)) return read(() -> Files.newInputStream(file), file.toString(), reader);
        String problem = Files.isDirectory(file)
                ? "is a folder"
                : Files.exists(file) ? "is no regular file" : "no such file";
        throw new CheckpointException(file.toString(), problem);
    }

    /** All bytes of a stream. Throws CheckpointException when there are more than {@code most}. */
    static byte[] read(InputStream in, long most, String source) throws IOException {
        int limit = (int) Math.min(most, Integer.MAX_VALUE - 16);
        byte[] bytes = in.readNBytes(limit + 1);
        if (bytes.length > limit) throw new CheckpointException(source, "longer than " + limit + " bytes");
        return bytes;
    }

    /** All bytes of a regular file. Throws CheckpointException when there are more than {@code most}. */
    static byte[] read(Path file, long most) throws CheckpointException {
        return read(file, in -> read(in, most, file.toString()));
    }
}
