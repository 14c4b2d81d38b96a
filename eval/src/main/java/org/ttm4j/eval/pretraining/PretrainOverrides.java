package org.ttm4j.eval.pretraining;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ttm4j.data.series.Printable;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Json;

/**
 * Values that replace those of a configuration file, so that runs that differ in a few keys can share a file: the
 * options {@code --set KEY=VALUE} of {@code ttm pretrain}. Immutable.
 *
 * <pre>{@code
 * PretrainOverrides second = PretrainOverrides.parse(List.of("seed=2", "model.gate_mode=sigmoid"), Path.of(""));
 * PretrainingRun run = new PretrainingRun(Path.of("ablation.json"), second, Path.of("sigmoid-2"));
 * }</pre>
 */
public final class PretrainOverrides {
    /** The command-line option for a value. */
    public static final String OPTION = "--set";
    public static final PretrainOverrides NONE = new PretrainOverrides(List.of(), new TreeMap<>());

    private static final String MODEL = "model";
    private static final String OF_MODEL = MODEL + ".";
    private static final Set<String> PATHS = Set.of("corpus", "initial");
    /** A value that begins with one of these characters must be valid JSON; other invalid JSON is a text. */
    private static final String JSON_ONLY = "{[\"";

    private final List<String> settings;
    /** Sorted by key, so that {@code model} precedes its own keys, and the order of the settings has no effect. */
    private final SortedMap<String, Object> values;

    private PretrainOverrides(List<String> settings, SortedMap<String, Object> values) {
        this.settings = List.copyOf(settings);
        this.values = values;
    }

    /**
     * Parses settings.
     *
     * @param settings {@code KEY=VALUE} each, with a key of {@link PretrainConfig} or {@code model.} and a key of
     *     {@link TtmConfig#jsonKeys}. The value is JSON or, if it is not valid JSON and does not begin with
     *     {, [ or ", a text
     * @param folder the folder for relative paths among the values
     * @throws IllegalArgumentException naming the option, the key, what is wrong with it and what was expected. The
     *     values themselves are checked when the configuration is read
     */
    public static PretrainOverrides parse(List<String> settings, Path folder) {
        SortedMap<String, Object> values = new TreeMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(OPTION + ": expected KEY=VALUE, found " + Printable.quoted(setting));
            }
            String key = setting.substring(0, equals);
            requireKnown(key);
            if (values.containsKey(key)) throw wrong(key, "expected it once, found it twice");
            values.put(key, value(key, setting.substring(equals + 1), folder));
        }
        return new PretrainOverrides(settings, values);
    }

    private static void requireKnown(String key) {
        boolean ofModel = key.startsWith(OF_MODEL);
        Set<String> known = ofModel ? TtmConfig.jsonKeys() : PretrainConfig.KEYS;
        if (known.contains(ofModel ? key.substring(OF_MODEL.length()) : key)) return;
        throw new IllegalArgumentException(OPTION + ": unknown key " + Printable.shortened(key) + "; the keys "
                + (ofModel ? "of model " : "") + "are " + String.join(", ", known));
    }

    private static Object value(String key, String text, Path folder) {
        if (text.isBlank()) throw wrong(key, "expected a value, found none");
        Object value;
        try {
            value = Json.parse(text.getBytes(StandardCharsets.UTF_8), OPTION + " " + key);
        } catch (CheckpointException notJson) {
            if (JSON_ONLY.indexOf(text.strip().charAt(0)) >= 0) {
                throw new IllegalArgumentException(notJson.getMessage(), notJson);
            }
            value = text;
        }
        if (!(PATHS.contains(key) && value instanceof String path)) return value;
        try {
            return folder.resolve(path).toAbsolutePath().toString();
        } catch (InvalidPathException e) {
            throw wrong(key, "expected a file name, found " + Printable.quoted(path));
        }
    }

    private static IllegalArgumentException wrong(String key, String problem) {
        return new IllegalArgumentException(OPTION + " " + key + ": " + problem);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** A file's object with these values. If {@code model} is not an object, a later check rejects it. */
    Map<String, Object> applyTo(Map<String, Object> file) {
        Map<String, Object> json = new LinkedHashMap<>(file);
        values.forEach((key, value) -> {
            if (!key.startsWith(OF_MODEL)) {
                json.put(key, value);
            } else if (json.getOrDefault(MODEL, Map.of()) instanceof Map<?, ?> model) {
                Map<Object, Object> changed = new LinkedHashMap<>(model);
                changed.put(key.substring(OF_MODEL.length()), value);
                json.put(MODEL, changed);
            }
        });
        return json;
    }

    /** The name of the file and the settings, for the beginning of error messages. */
    public String describe(Path file) {
        if (settings.isEmpty()) return file.toString();
        return file + settings.stream()
                .map(setting -> " " + OPTION + " " + Printable.shortened(setting))
                .collect(Collectors.joining("", " with", ""));
    }
}
