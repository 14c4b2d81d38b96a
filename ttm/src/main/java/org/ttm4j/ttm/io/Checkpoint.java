package org.ttm4j.ttm.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ttm4j.engine.Shape;
import org.ttm4j.ttm.config.TtmConfig;

/**
 * A model on disk or on the class path: {@code config.json} and {@code model.safetensors} in one folder, as published.
 *
 * @param source the folder or resource prefix, for messages
 * @param config what the model computes
 * @param tensors weights and buffers by name, all finite
 */
public record Checkpoint(String source, TtmConfig config, Map<String, SafeTensor> tensors) {
    /** The intervals of a folder that was calibrated, which fit its weights alone. */
    public static final String INTERVALS = "intervals.safetensors";
    private static final String CONFIG = "config.json";
    /** The file of the weights. */
    public static final String WEIGHTS = "model.safetensors";
    private static final int MAX_CONFIG_BYTES = 1 << 20;

    /** Reads a folder. Throws CheckpointException naming the file and what is wrong in it. */
    public static Checkpoint read(Path folder) throws CheckpointException {
        Path config = file(folder, CONFIG);
        return checked(folder.toString(), config(Bytes.read(config, MAX_CONFIG_BYTES), config.toString()),
                Safetensors.read(file(folder, WEIGHTS)));
    }

    /**
     * Where the current version of one of the files of a model is: in its folder, or in a subfolder of an update that was
     * stopped, which the next write finishes. No such file exists when the model has none of this name.
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
        try (InputStream in = open(anchor, weights)) {
            return checked(prefix, config, Safetensors.read(in, weights));
        } catch (CheckpointException alreadySaysWhere) {
            throw alreadySaysWhere;
        } catch (IOException e) {
            throw new CheckpointException(prefix, "cannot be read: " + e, e);
        }
    }

    /** Reads the configuration of class-path resources as {@link #readResource}, without the weights. */
    public static TtmConfig readResourceConfig(Class<?> anchor, String prefix) throws CheckpointException {
        String config = prefix + "/" + CONFIG;
        try (InputStream in = open(anchor, config)) {
            return config(Bytes.read(in, MAX_CONFIG_BYTES, config), config);
        } catch (CheckpointException alreadySaysWhere) {
            throw alreadySaysWhere;
        } catch (IOException e) {
            throw new CheckpointException(prefix, "cannot be read: " + e, e);
        }
    }

    /**
     * Writes a folder that {@link #read} and the reference library read back. A new folder appears whole or not at all; in
     * an existing one {@link #read} finds all of the old files or all of the new ones, also after a kill. Files of other
     * names stay. One process at a time may write a folder.
     *
     * @throws IOException when the file system refuses; no temporary files are left behind
     * @throws IllegalArgumentException naming a tensor whose value is beyond its element type
     */
    public static void write(Path folder, TtmConfig config, Map<String, SafeTensor> tensors) throws IOException {
        write(folder, config, tensors, Map.of());
    }

    /**
     * As {@link #write(Path, TtmConfig, Map)}, with more files, by name, that belong to the model. A file of that name is
     * removed where the new content is empty.
     */
    public static void write(Path folder, TtmConfig config, Map<String, SafeTensor> tensors, Map<String, byte[]> more)
            throws IOException {
        byte[] json = Json.pretty(config.toJson()).getBytes(StandardCharsets.UTF_8);
        Map<String, AtomicFile.Content> files = new LinkedHashMap<>();
        files.put(WEIGHTS, out -> SafetensorsWriter.write(out, tensors, Map.of("format", "pt")));
        files.put(CONFIG, out -> out.write(json));
        more.forEach((name, content) -> files.put(name, content.length == 0 ? null : out -> out.write(content)));
        new CheckpointWriter(() -> {}).write(folder, files);
    }

    /**
     * Writes one more file into the folder of a model: whole, or not at all.
     *
     * @throws IOException when the file system refuses
     */
    public static void add(Path folder, String name, AtomicFile.Content content) throws IOException {
        new CheckpointWriter(() -> {}).write(folder, Map.of(name, content));
    }

    /**
     * The SHA-256 of the {@code model.safetensors} in a folder, whatever it holds, as 64 hexadecimal digits.
     *
     * @throws CheckpointException when it cannot be read
     */
    public static String sha256(Path folder) throws CheckpointException {
        Path file = file(folder, WEIGHTS);
        Bytes.requireFile(file);
        try (InputStream in = Files.newInputStream(file)) {
            return sha256(in);
        } catch (IOException e) {
            throw new CheckpointException(file.toString(), "cannot be read: " + e, e);
        }
    }

    /** As {@link #sha256(Path)}, of class-path resources as {@link #readResource}. */
    public static String sha256OfResource(Class<?> anchor, String prefix) throws CheckpointException {
        try (InputStream in = open(anchor, prefix + "/" + WEIGHTS)) {
            return sha256(in);
        } catch (CheckpointException alreadySaysWhere) {
            throw alreadySaysWhere;
        } catch (IOException e) {
            throw new CheckpointException(prefix, "cannot be read: " + e, e);
        }
    }

    /** The SHA-256 of a stream, to its end, as 64 hexadecimal digits. */
    public static String sha256(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Bytes that all tensors take in {@code model.safetensors}, which has a header besides. */
    public long weightBytes() {
        return tensors.values().stream().mapToLong(tensor -> (long) tensor.shape().size() * tensor.dtype().bytes).sum();
    }

    /**
     * Requires exactly the expected tensors. Names ending in {@code num_batches_tracked} are integers, all others
     * floats.
     *
     * @throws CheckpointException listing every missing, unexpected and wrongly shaped tensor
     */
    public void requireMatch(Map<String, Shape> expected) throws CheckpointException {
        StrictMatch.require(expected, tensors, source + "/" + WEIGHTS);
    }

    private static Checkpoint checked(String source, TtmConfig config, Safetensors weights) throws CheckpointException {
        for (Map.Entry<String, SafeTensor> entry : weights.tensors().entrySet()) {
            if (!entry.getValue().dtype().isFloat()) continue;
            float[] values = entry.getValue().floats().values();
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new CheckpointException(source + "/" + WEIGHTS, "tensor " + entry.getKey() + " is "
                            + values[i] + " at index " + i + "; expected finite weights");
                }
            }
        }
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
