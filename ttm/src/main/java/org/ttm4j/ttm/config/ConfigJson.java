package org.ttm4j.ttm.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ttm4j.ttm.config.TtmConfig.Architecture;
import org.ttm4j.ttm.config.TtmConfig.Loss;
import org.ttm4j.ttm.config.TtmConfig.Norm;
import org.ttm4j.ttm.config.TtmConfig.Scaling;

/** Converts values of {@link TtmConfig} to those of {@code config.json}, and makes the errors for wrong values. */
public final class ConfigJson {
    private ConfigJson() {}

    /** A value in the form in which config.json has it. */
    static Object json(Object value) {
        if (value instanceof Integer whole) return whole.longValue();
        if (value instanceof Architecture architecture) return List.of(architecture.className());
        if (value instanceof Enum<?> constant) return name(constant);
        if (value instanceof Optional<?> maybe) return maybe.isPresent() ? json(maybe.get()) : null;
        if (!(value instanceof List<?> list)) return value;
        return list.isEmpty() ? null : list.stream().map(ConfigJson::json).toList();
    }

    /** The name of a constant in config.json; null if config.json represents it by null. */
    private static String name(Enum<?> constant) {
        if (constant instanceof Architecture architecture) return architecture.className();
        if (constant == Norm.LAYER) return "LayerNorm";
        if (constant == Norm.BATCH) return "BatchNorm";
        if (constant == Scaling.NONE || constant == Loss.NONE) return null;
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The constant of this name. Throws IllegalArgumentException naming key, value and the names of all constants. */
    public static <E extends Enum<E>> E constant(String key, Object value, Class<E> type) {
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = name(constant);
            if (name == null ? value == null : name.equals(value)) return constant;
            names.add(name == null ? "null" : '"' + name + '"');
        }
        throw wrong(key, value, "one of " + String.join(", ", names));
    }

    /** The error for a value that is not what was expected. */
    public static IllegalArgumentException wrong(String key, Object value, String expected) {
        String shown = value instanceof String ? '"' + (String) value + '"' : String.valueOf(value);
        if (shown.length() > 80) shown = shown.substring(0, 80) + "…";
        return new IllegalArgumentException('"' + key + "\" is " + shown + "; expected " + expected);
    }
}
