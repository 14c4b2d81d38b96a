package org.ttm4j.ttm.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The content of a safetensors file: eight bytes with the length of a JSON header (little-endian), the header, and the
 * tensors' elements without gaps. Source: <a href="https://github.com/huggingface/safetensors">the format's README</a>.
 *
 * <p>Reading trusts nothing: lengths, offsets and shapes are checked against each other and against the file before
 * memory is taken for them, and the result is all of the file's tensors or an exception. Non-finite elements are kept:
 * {@link Checkpoint} refuses them in weights.
 *
 * @param tensors by name, in the order of the file's bytes; unmodifiable
 * @param metadata the header's {@code __metadata__}, empty when there is none; unmodifiable
 */
public record Safetensors(Map<String, SafeTensor> tensors, Map<String, String> metadata) {

    /**
     * Reads a file.
     *
     * @throws CheckpointException when it cannot be read, is not such a file, or would not fit the heap
     */
    public static Safetensors read(Path file) throws CheckpointException {
        String source = file.toString();
        Bytes.requireFile(file);
        try (InputStream in = Files.newInputStream(file)) {
            return new SafetensorsReader(in, Files.size(file), source).read();
        } catch (CheckpointException alreadySaysWhere) {
            throw alreadySaysWhere;
        } catch (IOException e) {
            throw new CheckpointException(source, "cannot be read: " + e, e);
        }
    }

    /**
     * Reads a stream to its end, for instance a class-path resource; does not close it. Of a stream that does not end,
     * no more is read than its header claims and the heap allows.
     *
     * @param source what the stream is called in messages
     */
    public static Safetensors read(InputStream in, String source) throws CheckpointException {
        return new SafetensorsReader(in, SafetensorsReader.UNKNOWN_LENGTH, source).read();
    }

    /**
     * Writes a file as the reference library does, byte for byte: by element width and then by name. The file appears
     * whole or not at all; an existing one is replaced.
     *
     * @throws IOException when the file system refuses; nothing is left behind
     * @throws IllegalArgumentException naming the tensor whose value is beyond its element type
     */
    public static void write(Path file, Map<String, SafeTensor> tensors, Map<String, String> metadata)
            throws IOException {
        AtomicFile.write(file, out -> write(out, tensors, metadata));
    }

    /** As {@link #write(Path, Map, Map)}, to a stream. */
    public static void write(OutputStream out, Map<String, SafeTensor> tensors, Map<String, String> metadata)
            throws IOException {
        SafetensorsWriter.write(out, tensors, metadata);
    }
}
