package org.ttm4j.ttm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.model.TtmModel;

/** The models that ship with this library, in folders {@code models/} beside this class. Thread-safe. */
public final class BundledModels {
    /** The one to evaluate, to fine-tune or to compare with where a single model is wanted and none is named. */
    public static final String DEFAULT = "512-96";

    private static final List<String> NAMES = List.of("1536-96", DEFAULT, "180-60", "96-24");

    private BundledModels() {}

    /** The names, longest context first: context and horizon joined by a hyphen, such as {@code 512-96}. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The checkpoint of a model, for its configuration and weights.
     *
     * @throws IllegalArgumentException when no bundled model has this name
     */
    public static Checkpoint checkpoint(String name) throws IOException {
        return Checkpoint.readResource(BundledModels.class, folder(name));
    }

    /**
     * The SHA-256 of a model's weights, as of {@link Checkpoint#sha256(java.nio.file.Path)}.
     *
     * @throws IllegalArgumentException when no bundled model has this name
     */
    public static String sha256(String name) {
        try {
            return Checkpoint.sha256OfResource(BundledModels.class, folder(name));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /**
     * The configuration of a model, read without its weights.
     *
     * @throws IllegalArgumentException when no bundled model has this name
     */
    public static TtmConfig config(String name) {
        try {
            return Checkpoint.readResourceConfig(BundledModels.class, folder(name));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /**
     * A model with its weights, made anew at each call.
     *
     * @throws IllegalArgumentException when no bundled model has this name
     */
    public static TtmModel model(String name) {
        try {
            return TtmModel.of(checkpoint(name));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static UncheckedIOException unreadable(String name, IOException e) {
        return new UncheckedIOException("the bundled model " + name + " cannot be read", e);
    }

    private static String folder(String name) {
        if (NAMES.contains(name)) return "models/" + name;
        throw new IllegalArgumentException(
                "no bundled model is called " + name + ": there are " + String.join(", ", NAMES));
    }
}
