package org.ttm4j.ttm.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whole inputs of bounded length. */
final class Bytes {
    private Bytes() {}

    /** All bytes of a stream. Throws CheckpointException when there are more than {@code most}. */
    static byte[] read(InputStream in, long most, String source) throws CheckpointException {
        try {
            int limit = (int) Math.min(most, Integer.MAX_VALUE - 16);
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) throw new CheckpointException(source, "longer than " + limit + " bytes");
            return bytes;
        } catch (CheckpointException alreadySaysWhere) {
            throw alreadySaysWhere;
        } catch (IOException e) {
            throw new CheckpointException(source, "cannot be read: " + e, e);
        }
    }

    /** Refuses what is no regular file. */
    static void requireFile(Path file) throws CheckpointException {
        if (Files.isRegularFile(file)) return;
        String problem = Files.isDirectory(file)
                ? "is a folder"
                : Files.exists(file) ? "is no regular file" : "no such file";
        throw new CheckpointException(file.toString(), problem);
    }

    /** All bytes of a regular file. */
    static byte[] read(Path file, long most) throws CheckpointException {
        String source = file.toString();
        requireFile(file);
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, most, source);
        } catch (CheckpointException alreadySaysWhere) {
            throw alreadySaysWhere;
        } catch (IOException e) {
            throw new CheckpointException(source, "cannot be read: " + e, e);
        }
    }
}
