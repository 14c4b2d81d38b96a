package org.ttm4j.ttm.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ttm4j.ttm.config.ConfigJson;
import org.ttm4j.ttm.io.Json;

/**
 * {@link Channels} as JSON: {@code {"channels": [{"name", "role", "mean", "deviation"}, …]}}, a static category with
 * {@code vocabulary} instead of mean and deviation, an ignored channel with neither. Unknown keys are errors: the
 * format belongs to this library, so an unknown key means a feature that this version does not have.
 */
final class ChannelsJson {
    private static final Set<String> KEYS = Set.of("name", "role", "mean", "deviation", "vocabulary");

    private ChannelsJson() {}

    static Map<String, Object> write(Channels channels) {
        List<Object> list = new ArrayList<>();
        for (Channels.Channel channel : channels.all()) {
            Map<String, Object> json = Json.object("name", channel.name(), "role", name(channel.role()));
            if (channel.role() == Channels.Role.STATIC_CATEGORY) {
                json.put("vocabulary", channel.vocabulary());
            } else if (channel.role() != Channels.Role.IGNORED) {
                json.put("mean", channel.mean());
                json.put("deviation", channel.deviation());
            }
            list.add(json);
        }
        return Map.of("channels", list);
    }

    /** Throws IllegalArgumentException naming the channel and key at fault. */
    static Channels read(Map<String, Object> json) {
        if (!json.keySet().equals(Set.of("channels"))) {
            throw new IllegalArgumentException(
                    "expected the key \"channels\" alone, found " + Channels.shortened(json.keySet().toString()));
        }
        if (!(json.get("channels") instanceof List<?> list)) {
            throw ConfigJson.wrong("channels", json.get("channels"), "a list");
        }
        List<Channels.Channel> channels = new ArrayList<>();
        for (Object element : list) {
            try {
                if (!(element instanceof Map<?, ?> map)) throw new IllegalArgumentException("expected an object");
                channels.add(channel(map));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("channels[" + channels.size() + "]: " + e.getMessage(), e);
            }
        }
        return new Channels(channels);
    }

    private static Channels.Channel channel(Map<?, ?> json) {
        for (Object key : json.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("unknown key \"" + Channels.shortened((String) key) + '"');
            }
        }
        String name = text("name", json.get("name"));
        Channels.Role role = ConfigJson.constant("role", json.get("role"), Channels.Role.class);
        boolean numbers = role != Channels.Role.STATIC_CATEGORY && role != Channels.Role.IGNORED;
        for (String key : List.of("mean", "deviation")) requirePresence(key, json, numbers);
        requirePresence("vocabulary", json, role == Channels.Role.STATIC_CATEGORY);
        if (numbers) return Channels.Channel.of(name, role, number("mean", json), number("deviation", json));
        if (role == Channels.Role.IGNORED) return Channels.Channel.ignored(name);
        if (!(json.get("vocabulary") instanceof List<?> vocabulary)) {
            throw ConfigJson.wrong("vocabulary", json.get("vocabulary"), "a list of texts");
        }
        return Channels.Channel.category(name, vocabulary.stream().map(word -> text("vocabulary", word)).toList());
    }

    private static void requirePresence(String key, Map<?, ?> json, boolean expected) {
        if (json.containsKey(key) == expected) return;
        throw new IllegalArgumentException('"' + key + (expected ? "\" is missing" : "\" means nothing for this role"));
    }

    private static String text(String key, Object value) {
        if (value instanceof String text) return text;
        throw ConfigJson.wrong(key, value, "a text");
    }

    private static double number(String key, Map<?, ?> json) {
        if (json.get(key) instanceof Number number) return number.doubleValue();
        throw ConfigJson.wrong(key, json.get(key), "a number");
    }

    static String name(Channels.Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
