package org.ttm4j.ttm.config;

import java.util.Map;

/** The gates of all mixers: the keys {@code gate_mode} and {@code gate_groups} of {@link Key}. */
public record GateConfig(Mode mode, int groups) {

    /** How a gate weighs its input. */
    public enum Mode {
        /** By weights that sum to 1. */
        SOFTMAX,
        /** Each element by a weight of its own, 0 to 1. */
        SIGMOID,
        /** One linear map of the input, weighed by another. */
        GLU,
        /** As {@link #SIGMOID}, with one weight for each group of neighbours. */
        GROUP_SIGMOID
    }

    GateConfig(Map<Key, Object> v) {
        this(Key.GATE_MODE.of(v), Key.GATE_GROUPS.of(v));
    }

    /** Groups of n features: as many as are wanted, or the largest divisor of n below. */
    public int groupsOf(int n) {
        int count = Math.max(1, Math.min(groups, n));
        while (n % count != 0) count--;
        return count;
    }

    /** Outputs of a gate's linear map on n features. */
    public int mapWidth(int n) {
        return mode == Mode.GLU ? 2 * n : n;
    }
}
