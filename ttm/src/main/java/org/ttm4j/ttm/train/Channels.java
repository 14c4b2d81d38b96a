package org.ttm4j.ttm.train;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ttm4j.ttm.config.ConfigJson;
import org.ttm4j.ttm.config.TtmConfig;
import org.ttm4j.ttm.io.Checkpoint;
import org.ttm4j.ttm.io.CheckpointException;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.series.Standardization;

/**
 * The columns of the table that a model was fine-tuned on: the file {@code channels.json} in the folder of its weights.
 * The {@link #inputs()} are the channels of the model's history, in this order; the {@link #categories()} its static
 * categories, in the order of {@code categorical_vocab_size_list}. Immutable.
 *
 * <pre>{@code
 * Channels channels = new Channels(List.of(
 *         Channel.of("load", Role.TARGET, 812.5, 140.2),
 *         Channel.of("temperature", Role.KNOWN_FUTURE, 11.3, 8.1),
 *         Channel.category("region", List.of("north", "south"))));
 * channels.write(folder);
 * }</pre>
 *
 * The file is {@code {"channels": [{"name", "role", "mean", "deviation"}, …]}}, a static category with {@code vocabulary}
 * instead of mean and deviation, an ignored channel with neither. Unknown keys are errors: the format belongs to this
 * library, so an unknown key means a feature that this version does not have.
 *
 * @param all every column of the table except the time; at least one is a target
 */
public record Channels(List<Channel> all) {
    /** The file in a checkpoint folder. */
    public static final String FILE = "channels.json";

    private static final int MOST_BYTES = 1 << 22;
    private static final int LISTED = 20;
    private static final int LONGEST_QUOTE = 60;
    private static final Set<String> KEYS = Set.of("name", "role", "mean", "deviation", "vocabulary");
    /** The roles of columns of numbers that the model reads. */
    private static final Set<Role> INPUTS = EnumSet.of(Role.TARGET, Role.KNOWN_FUTURE, Role.PAST_ONLY);

    /** The role of a column for the model. */
    public enum Role {
        /** The column is forecast. */
        TARGET,
        /** The column is known after the end of the history: a calendar, a plan, a weather forecast. */
        KNOWN_FUTURE,
        /** The model reads the column up to the end of the history. */
        PAST_ONLY,
        /** The column has one text for the whole series. */
        STATIC_CATEGORY,
        /** The model does not read the column. */
        IGNORED
    }

    /**
     * One column.
     *
     * @param name in the table's header
     * @param mean subtracted from the values that the model reads; 0 if it reads none
     * @param deviation the divisor of the centred values; 1 if the model reads none
     * @param vocabulary the texts of a static category, which the model represents by their indices; empty for other
     *     roles
     */
    public record Channel(String name, Role role, double mean, double deviation, List<String> vocabulary) {

        /** @throws IllegalArgumentException naming the channel and the problem */
        public Channel {
            if (name == null || name.isBlank()) throw new IllegalArgumentException("a channel has an empty name");
            require(role != null, name, "the role is null");
            require(vocabulary != null && vocabulary.stream().allMatch(Objects::nonNull), name,
                    "the vocabulary, or a text in it, is null");
            vocabulary = List.copyOf(vocabulary);
            require(Double.isFinite(mean), name, "mean " + mean + ": expected a finite number");
            require(Double.isFinite(deviation) && deviation > 0, name,
                    "deviation " + deviation + ": expected a finite number above 0");
            require(vocabulary.isEmpty() == (role != Role.STATIC_CATEGORY), name,
                    "expected a vocabulary for a static category, and for nothing else");
            require(new HashSet<>(vocabulary).size() == vocabulary.size(), name, "a text twice in the vocabulary");
        }

        private static void require(boolean holds, String name, String problem) {
            if (!holds) throw new IllegalArgumentException("channel " + shortened(name) + ": " + problem);
        }

        /** A column of numbers that the model reads standardised: (x − mean) / deviation. */
        public static Channel of(String name, Role role, double mean, double deviation) {
            return new Channel(name, role, mean, deviation, List.of());
        }

        /** A static category. */
        public static Channel category(String name, List<String> vocabulary) {
            return new Channel(name, Role.STATIC_CATEGORY, 0, 1, vocabulary);
        }

        /** A column that the model does not read. */
        public static Channel ignored(String name) {
            return new Channel(name, Role.IGNORED, 0, 1, List.of());
        }

        private static Channel read(Map<?, ?> json) {
            for (Object key : json.keySet()) {
                if (!KEYS.contains(key)) {
                    throw new IllegalArgumentException("unknown key \"" + shortened((String) key) + '"');
                }
            }
            String name = text("name", json.get("name"));
            Role role = ConfigJson.constant("role", json.get("role"), Role.class);
            boolean numbers = INPUTS.contains(role);
            for (String key : List.of("mean", "deviation")) requirePresence(key, json, numbers);
            requirePresence("vocabulary", json, role == Role.STATIC_CATEGORY);
            if (numbers) return of(name, role, number("mean", json), number("deviation", json));
            if (role == Role.IGNORED) return ignored(name);
            if (!(json.get("vocabulary") instanceof List<?> vocabulary)) {
                throw ConfigJson.wrong("vocabulary", json.get("vocabulary"), "a list of texts");
            }
            return category(name, vocabulary.stream().map(word -> text("vocabulary", word)).toList());
        }

        private static void requirePresence(String key, Map<?, ?> json, boolean expected) {
            if (json.containsKey(key) == expected) return;
            throw new IllegalArgumentException(
                    '"' + key + (expected ? "\" is missing" : "\" means nothing for this role"));
        }

        private static String text(String key, Object value) {
            if (value instanceof String text) return text;
            throw ConfigJson.wrong(key, value, "a text");
        }

        private static double number(String key, Map<?, ?> json) {
            if (json.get(key) instanceof Number number) return number.doubleValue();
            throw ConfigJson.wrong(key, json.get(key), "a number");
        }

        private Map<String, Object> json() {
            Map<String, Object> json = Json.object("name", name, "role", nameOf(role));
            if (role == Role.STATIC_CATEGORY) json.put("vocabulary", vocabulary);
            if (INPUTS.contains(role)) json.putAll(Json.object("mean", mean, "deviation", deviation));
            return json;
        }

        /**
         * The index of a text in the vocabulary, which is the input of a model.
         *
         * @throws IllegalArgumentException listing known texts when the text is unknown
         */
        public int code(String text) {
            int code = vocabulary.indexOf(text);
            if (code >= 0) return code;
            throw new IllegalArgumentException(
                    "static category " + shortened(name) + ": '" + shortened(text) + "' is not known; known are "
                            + vocabulary.stream()
                                    .limit(LISTED)
                                    .map(known -> "'" + shortened(known) + "'")
                                    .collect(Collectors.joining(", "))
                            + (vocabulary.size() > LISTED ? ", … (" + vocabulary.size() + " in all)" : ""));
        }
    }

    /** @throws IllegalArgumentException when two names are equal, or there is no target */
    public Channels {
        if (all == null || all.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("the list of channels, or a channel in it, is null");
        }
        all = List.copyOf(all);
        Set<String> names = new HashSet<>();
        for (Channel channel : all) {
            if (!names.add(channel.name)) {
                throw new IllegalArgumentException("channel " + shortened(channel.name) + " comes twice");
            }
        }
        if (all.stream().noneMatch(channel -> channel.role == Role.TARGET)) {
            throw new IllegalArgumentException("no channel has the role target");
        }
    }

    /** A text from a file, shortened for error messages. */
    public static String shortened(String text) {
        return text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
    }

    /** The channels of the model's history: targets, known future and past only, in the order of {@link #all}. */
    public List<Channel> inputs() {
        return all.stream().filter(channel -> INPUTS.contains(channel.role)).toList();
    }

    /** The channels of one role, in the order of {@link #all}. */
    public List<Channel> of(Role role) {
        return all.stream().filter(channel -> channel.role == role).toList();
    }

    /** The standardisation of the model's history, in the order of the inputs. */
    public Standardization standardization() {
        return new Standardization(inputs().stream().mapToDouble(Channel::mean).toArray(),
                inputs().stream().mapToDouble(Channel::deviation).toArray());
    }

    /** The static categories, in the order of {@link #all}. */
    public List<Channel> categories() {
        return of(Role.STATIC_CATEGORY);
    }

    /**
     * Checks that the roles agree with a model's configuration.
     *
     * @throws IllegalArgumentException naming the key of the configuration that disagrees
     */
    public void requireMatch(TtmConfig config) {
        List<Channel> inputs = inputs();
        int needed = config.leastChannels();
        if (config.mixesChannels() ? inputs.size() != needed : inputs.size() < needed) {
            throw new IllegalArgumentException(inputs.size() + " channels are seen by the model, which needs "
                    + (config.mixesChannels()
                            ? "exactly " + needed + " (num_input_channels)"
                            : "at least " + needed + " (prediction_channel_indices, exogenous_channel_indices)"));
        }
        require(Role.TARGET, "prediction_channel_indices", config.predictionChannels(inputs.size()));
        require(Role.KNOWN_FUTURE, "exogenous_channel_indices", config.exogenousChannels());
        if (!vocabularySizes().equals(config.categoricalVocabSizeList())) {
            throw new IllegalArgumentException("the vocabularies have sizes " + vocabularySizes() + "; expected "
                    + config.categoricalVocabSizeList() + " (categorical_vocab_size_list)");
        }
    }

    private void require(Role role, String key, int[] expected) {
        if (indices(role).equals(Arrays.stream(expected).boxed().toList())) return;
        throw new IllegalArgumentException("role " + nameOf(role) + ": it is that of input channels " + indices(role)
                + "; expected " + Arrays.toString(expected) + " (" + key + ")");
    }

    /** The positions of a role among the inputs, ascending. */
    List<Integer> indices(Role role) {
        List<Channel> inputs = inputs();
        return IntStream.range(0, inputs.size()).filter(i -> inputs.get(i).role == role).boxed().toList();
    }

    /** The number of texts of each static category. */
    List<Integer> vocabularySizes() {
        return categories().stream().map(category -> category.vocabulary.size()).toList();
    }

    /**
     * Reads the file in a checkpoint folder; empty if there is none, because the model was not fine-tuned.
     *
     * @throws CheckpointException naming the file and the channel or key at fault
     */
    public static Optional<Channels> read(Path folder) throws CheckpointException {
        Path file = Checkpoint.file(folder, FILE);
        if (Files.notExists(file)) return Optional.empty();
        try {
            return Optional.of(read(Json.readObject(file, MOST_BYTES)));
        } catch (IllegalArgumentException impossible) {
            throw new CheckpointException(file.toString(), impossible.getMessage(), impossible);
        }
    }

    private static Channels read(Map<String, Object> json) {
        if (!json.keySet().equals(Set.of("channels"))) {
            throw new IllegalArgumentException(
                    "expected the key \"channels\" alone, found " + shortened(json.keySet().toString()));
        }
        if (!(json.get("channels") instanceof List<?> list)) {
            throw ConfigJson.wrong("channels", json.get("channels"), "a list");
        }
        List<Channel> channels = new ArrayList<>();
        for (Object element : list) {
            try {
                if (!(element instanceof Map<?, ?> map)) throw new IllegalArgumentException("expected an object");
                channels.add(Channel.read(map));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("channels[" + channels.size() + "]: " + e.getMessage(), e);
            }
        }
        return new Channels(channels);
    }

    private static String nameOf(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** The content of the file. */
    public byte[] json() {
        return Json.pretty(Map.of("channels", all.stream().map(Channel::json).toList()))
                .getBytes(StandardCharsets.UTF_8);
    }
}
