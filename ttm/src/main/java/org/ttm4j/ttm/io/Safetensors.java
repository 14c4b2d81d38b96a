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
 * <p>Reading treats files as untrusted: lengths, offsets and shapes are checked against each other and against the file
 * before memory is allocated. The result is all tensors of the file, or an exception. Non-finite elements are allowed
 * here; {@link Checkpoint} rejects them in weights.
 *
 * @param tensors by name, in the order of the file's bytes; unmodifiable
 * @param metadata the header's {@code __metadata__}, empty when there is none; unmodifiable
 */
public record Safetensors(Map<String, SafeTensor> tensors, Map<String, String> metadata) {

    /**
     * Reads a file.
     *
     * @throws CheckpointException when the file cannot be read, has another format, or does not fit the heap
     */
    public static Safetensors read(Path file) throws CheckpointException {
        return Bytes.read(file, in -> new SafetensorsReader(in, Files.size(file), file.toString()).read());
    }

    /**
     * Reads a stream to its end, for instance a class-path resource; does not close it. Never reads more than the
     * header says and the heap allows, even from an endless stream.
     *
     * @param source the name of the stream in error messages
     */
    public static Safetensors read(InputStream in, String source) throws CheckpointException {
        return new SafetensorsReader(in, SafetensorsReader.UNKNOWN_LENGTH, source).read();
    }

    /**
     * Writes the same bytes as the reference library: tensors ordered by element width and then by name. The file
     * appears complete or not at all; an existing one is replaced.
     *
     * @throws IOException when the file cannot be written; no temporary file remains
     * @throws IllegalArgumentException naming a tensor with a value out of the range of its element type
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
