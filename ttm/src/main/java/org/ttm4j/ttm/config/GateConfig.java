package org.ttm4j.ttm.config;

import java.util.Map;

/**
 * The gates of all mixers.
 *
 * @param mode how a gate weighs its input
 * @param groups groups that {@link Mode#GROUP_SIGMOID} is to have
 */
public record GateConfig(Mode mode, int groups) {
    static final GateConfig DEFAULT = new GateConfig(Mode.SOFTMAX, 8);

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

    static GateConfig read(Map<String, ?> json) {
        return new GateConfig(ConfigJson.constant(json, "gate_mode", Mode.SOFTMAX),
                ConfigJson.integer(json, "gate_groups", DEFAULT.groups));
    }

    void write(Map<String, Object> json) {
        json.put("gate_mode", ConfigJson.name(mode));
        json.put("gate_groups", (long) groups);
    }

    void check() {
        ConfigRules.between("gate_groups", groups, 0, ConfigRules.MAX_SIZE);
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
