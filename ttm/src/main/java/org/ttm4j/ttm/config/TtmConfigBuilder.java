package org.ttm4j.ttm.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the values of a {@link TtmConfig}; keys that are not set have their default. Not thread-safe. */
public final class TtmConfigBuilder {
    /** The content of a config.json, so that files and programs use the same reader and the same checks. */
    private final Map<String, Object> json;

    TtmConfigBuilder(Map<String, ?> json) {
        this.json = new LinkedHashMap<>(json);
    }

    /** Sets a key to a value of its Java type: a number, a Boolean, an enum constant, or a list of numbers. */
    public TtmConfigBuilder set(Key key, Object value) {
        json.put(key.toString(), ConfigJson.json(value));
        return this;
    }

    /** The configuration. Throws IllegalArgumentException naming the first key with an invalid value. */
    public TtmConfig build() {
        return TtmConfig.fromJson(json);
    }
}
