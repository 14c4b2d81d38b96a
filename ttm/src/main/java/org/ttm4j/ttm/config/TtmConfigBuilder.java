package org.ttm4j.ttm.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the values of a {@link TtmConfig}; what is not set keeps its default. Not thread-safe; may build any number of
 * configurations.
 */
public final class TtmConfigBuilder {
    /** What config.json would hold, so that files and programs pass the same reader and the same checks. */
    private final Map<String, Object> json;

    TtmConfigBuilder(Map<String, ?> json) {
        this.json = new LinkedHashMap<>(json);
    }

    /** Sets a key to a value of its type in Java: a number, a flag, a constant, or a list of numbers. */
    public TtmConfigBuilder set(Key key, Object value) {
        json.put(key.toString(), ConfigJson.json(value));
        return this;
    }

    /** The configuration. Throws IllegalArgumentException naming the first key whose value is impossible. */
    public TtmConfig build() {
        return TtmConfig.fromJson(json);
    }
}
