package org.ttm4j.ttm.config;

import java.util.Map;

/** The gates of all mixers: the keys {@code gate_mode} and {@code gate_groups} of {@link Key}. */
public record GateConfig(Mode mode, int groups) {

    /** How a gate weights its input. */
    public enum Mode {
        /** Multiplies by weights that sum to 1. */
        SOFTMAX,
        /** Multiplies each element by its own weight between 0 and 1. */
        SIGMOID,
        /** A linear map of the input, multiplied by the sigmoid of another one. */
        GLU,
        /** As {@link #SIGMOID}, with one weight for each group of neighbours. */
        GROUP_SIGMOID
    }

    GateConfig(Map<Key, Object> v) {
        this(Key.GATE_MODE.of(v), Key.GATE_GROUPS.of(v));
    }

    /** The number of groups of n features: the configured number or the largest divisor of n below it. */
    public int groupsOf(int n) {
        int count = Math.max(1, Math.min(groups, n));
        while (n % count != 0) count--;
        return count;
    }

    /** The number of outputs of a gate's linear map on n features. */
    public int mapWidth(int n) {
        return mode == Mode.GLU ? 2 * n : n;
    }
}
