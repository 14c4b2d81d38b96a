package org.ttm4j.ttm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ttm4j.ttm.config.Key;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.SafeTensor;
import org.ttm4j.ttm.model.TtmModel;

/**
 * The models that ship with this library, in folders {@code models/} beside this class. Methods that take a name throw
 * IllegalArgumentException when no bundled model has this name. Thread-safe.
 */
public final class BundledModels {
    /** The model to evaluate, to fine-tune or to compare with if none is named. */
    public static final String DEFAULT = "512-96";

    private static final List<String> NAMES = List.of("1536-96", DEFAULT, "180-60", "96-24");
    /** Withdrawn: its name loads {@link #DEFAULT}, limited to its horizon. */
    private static final String ALIAS = "180-60";
    private static final int ALIAS_HORIZON = 60;

    private BundledModels() {}

    /**
     * The names, longest context first: context and horizon joined by a hyphen, such as {@code 512-96}. One stands for another
     * model, as its {@linkplain #note note} says.
     */
    public static List<String> names() {
        return NAMES;
    }

    /** The checkpoint of a model, for its configuration and weights. */
    public static Checkpoint checkpoint(String name) throws IOException {
        Checkpoint of = Checkpoint.readResource(BundledModels.class, folder(name));
        if (!name.equals(ALIAS)) return of;
        TtmConfig config = limited(of.config());
        Map<String, SafeTensor> tensors = new LinkedHashMap<>(of.tensors());
        new TtmModel(config).parameters()
                .forEach((parameter, to) -> tensors.computeIfPresent(parameter,
                        (any, tensor) -> tensor.first(to.shape())));
        return new Checkpoint(of.source(), config, tensors);
    }

    /** The SHA-256 of a model's weights, as of {@link Checkpoint#sha256(java.nio.file.Path)}. */
    public static String sha256(String name) {
        return read(name, () -> Checkpoint.sha256OfResource(BundledModels.class, folder(name)));
    }

    /** The configuration of a model, read without its weights. */
    public static TtmConfig config(String name) {
        TtmConfig of = read(name, () -> Checkpoint.readResourceConfig(BundledModels.class, folder(name)));
        return name.equals(ALIAS) ? limited(of) : of;
    }

    private static TtmConfig limited(TtmConfig of) {
        return of.toBuilder().set(Key.PREDICTION_FILTER_LENGTH, ALIAS_HORIZON).build();
    }

    /** Which model the name stands for now, in a sentence; empty for a name that stands for its own model. */
    public static Optional<String> note(String name) {
        return name.equals(ALIAS)
                ? Optional.of(ALIAS + " was replaced by " + DEFAULT + ", limited to " + ALIAS_HORIZON + " steps a pass")
                : Optional.empty();
    }

    /** A model with its weights, a new one at each call. */
    public static TtmModel model(String name) {
        return read(name, () -> TtmModel.of(checkpoint(name)));
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T read(String name, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled model " + name + " cannot be read", e);
        }
    }

    private static String folder(String name) {
        if (name != null && NAMES.contains(name)) return "models/" + (name.equals(ALIAS) ? DEFAULT : name);
        throw new IllegalArgumentException(
                "no bundled model is called " + name + ": there are " + String.join(", ", NAMES));
    }
}
