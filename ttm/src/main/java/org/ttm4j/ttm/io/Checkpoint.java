package org.ttm4j.ttm.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * A model on disk or on the class path, in the published format: {@code config.json} and {@code model.safetensors} in
 * one folder.
 *
 * @param source the folder or resource prefix, for error messages
 * @param config the configuration of the model
 * @param tensors weights and buffers by name, all finite
 */
public record Checkpoint(String source, TtmConfig config, Map<String, SafeTensor> tensors) {
    /** The file of the calibrated intervals, which are valid only for the weights in the same folder. */
    public static final String INTERVALS = "intervals.safetensors";
    static final String CONFIG = "config.json";
    /** The file of the weights. */
    public static final String WEIGHTS = "model.safetensors";
    private static final int MAX_CONFIG_BYTES = 1 << 20;
    /** The most differences of a kind that a message lists. */
    private static final int LISTED = 20;

    /** Reads a folder. Throws CheckpointException naming the file and what is wrong in it. */
    public static Checkpoint read(Path folder) throws CheckpointException {
        return CheckpointWriter.read(folder, () -> readOnce(folder));
    }

    private static Checkpoint readOnce(Path folder) throws CheckpointException {
        Path config = file(folder, CONFIG);
        return checked(folder.toString(), config(Bytes.read(config, MAX_CONFIG_BYTES), config.toString()),
                Safetensors.read(file(folder, WEIGHTS)));
    }

    /**
     * The path of the current version of a model's file: in the folder or, if an update was interrupted, in a
     * subfolder, until the next write completes the update. There is no file at this path if the model has none of this
     * name.
     */
    public static Path file(Path folder, String name) {
        return CheckpointWriter.current(folder, name);
    }

    /**
     * Reads class-path resources.
     *
     * @param anchor the class whose package and module hold them
     * @param prefix the folder, as in {@link Class#getResourceAsStream}: relative to the package of {@code anchor}, or
     *     absolute with a leading slash
     */
    public static Checkpoint readResource(Class<?> anchor, String prefix) throws CheckpointException {
        TtmConfig config = readResourceConfig(anchor, prefix);
        String weights = prefix + "/" + WEIGHTS;
        return Bytes.read(() -> open(anchor, weights), prefix,
                in -> checked(prefix, config, Safetensors.read(in, weights)));
    }

    /** Reads the configuration of class-path resources as {@link #readResource}, without the weights. */
    public static TtmConfig readResourceConfig(Class<?> anchor, String prefix) throws CheckpointException {
        String config = prefix + "/" + CONFIG;
        return Bytes.read(() -> open(anchor, config), config,
                in -> config(Bytes.read(in, MAX_CONFIG_BYTES, config), config));
    }

    /**
     * Writes a folder for {@link #read} and the reference library. A new folder appears complete or not at all; in an
     * existing one {@link #read} finds all old files or all new ones, even meanwhile or if the process is killed. Other
     * files are kept. Only one process at a time may write to a folder.
     *
     * @param more further files by name; one whose content is empty is deleted
     * @throws IOException when a file cannot be written; no temporary files remain
     * @throws IllegalArgumentException naming a tensor with a value out of the range of its element type
     */
    public static void write(Path folder, TtmConfig config, Map<String, SafeTensor> tensors, Map<String, byte[]> more)
            throws IOException {
        byte[] json = Json.pretty(config.toJson()).getBytes(StandardCharsets.UTF_8);
        Map<String, AtomicFile.Content> files = new LinkedHashMap<>();
        files.put(WEIGHTS, out -> Safetensors.write(out, tensors, Map.of("format", "pt")));
        files.put(CONFIG, out -> out.write(json));
        more.forEach((name, content) -> files.put(name, content.length == 0 ? null : out -> out.write(content)));
        new CheckpointWriter(() -> {}).write(folder, files);
    }

    /**
     * Writes a file into the folder of a model; it appears complete or not at all.
     *
     * @throws IOException when the file cannot be written
     */
    public static void add(Path folder, String name, AtomicFile.Content content) throws IOException {
        new CheckpointWriter(() -> {}).write(folder, Map.of(name, content));
    }

    /**
     * The SHA-256 of the file {@code model.safetensors} in a folder, as 64 hexadecimal digits. The content is not
     * checked.
     *
     * @throws CheckpointException when it cannot be read
     */
    public static String sha256(Path folder) throws CheckpointException {
        return CheckpointWriter.read(folder, () -> Bytes.read(file(folder, WEIGHTS), Checkpoint::sha256));
    }

    /** As {@link #sha256(Path)}, for class-path resources as in {@link #readResource}. */
    public static String sha256OfResource(Class<?> anchor, String prefix) throws CheckpointException {
        return Bytes.read(() -> open(anchor, prefix + "/" + WEIGHTS), prefix, Checkpoint::sha256);
    }

    /** The SHA-256 of the rest of a stream, as 64 hexadecimal digits. */
    public static String sha256(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A new SHA-256, of nothing so far. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The size of all tensors in {@code model.safetensors} in bytes, without the header. */
    public long weightBytes() {
        return tensors.values().stream().mapToLong(tensor -> (long) tensor.shape().size() * tensor.dtype().bytes).sum();
    }

    /**
     * Checks that this checkpoint has exactly the expected tensors. Tensors named {@code …num_batches_tracked} must be
     * integers, all others floats.
     *
     * @throws CheckpointException listing missing, unexpected and wrongly shaped tensors, at most 20 of each kind
     */
    public void requireMatch(Map<String, Shape> expected) throws CheckpointException {
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        expected.forEach((name, shape) -> {
            SafeTensor tensor = tensors.get(name);
            // The integer that batch normalisation keeps.
            boolean counter = name.endsWith("num_batches_tracked");
            if (tensor == null) missing.add(name + " " + shape);
            else if (!tensor.shape().equals(shape) || tensor.dtype().isFloat() == counter) {
                wrong.add(name + " " + tensor.dtype() + tensor.shape() + ", expected "
                        + (counter ? "integers " : "floats ") + shape);
            }
        });
        tensors.forEach((name, tensor) -> {
            if (!expected.containsKey(name)) unexpected.add(name + " " + tensor.shape());
        });
        if (missing.isEmpty() && wrong.isEmpty() && unexpected.isEmpty()) return;
        StringBuilder message = new StringBuilder("the tensors are not those of the model in config.json");
        list("missing", missing, message);
        list("unexpected", unexpected, message);
        list("wrong shape or type", wrong, message);
        throw new CheckpointException(source + "/" + WEIGHTS, message.toString());
    }

    private static void list(String title, List<String> names, StringBuilder message) {
        if (names.isEmpty()) return;
        message.append("\n  ").append(title).append(" (").append(names.size()).append("):");
        for (String name : names.subList(0, Math.min(LISTED, names.size()))) message.append("\n    ").append(name);
        if (names.size() > LISTED) message.append("\n    … and ").append(names.size() - LISTED).append(" more");
    }

    private static Checkpoint checked(String source, TtmConfig config, Safetensors weights) throws CheckpointException {
        weights.requireFinite();
        return new Checkpoint(source, config, weights.tensors());
    }

    private static TtmConfig config(byte[] json, String source) throws CheckpointException {
        try {
            return TtmConfig.fromJson(Json.parseObject(json, source));
        } catch (IllegalArgumentException impossible) {
            throw new CheckpointException(source, impossible.getMessage(), impossible);
        }
    }

    private static InputStream open(Class<?> anchor, String resource) throws CheckpointException {
        InputStream in = anchor.getResourceAsStream(resource);
        if (in == null) throw new CheckpointException(resource, "no such resource beside " + anchor.getName());
        return in;
    }
}
