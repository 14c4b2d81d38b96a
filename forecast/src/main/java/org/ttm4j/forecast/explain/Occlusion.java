package org.ttm4j.forecast.explain;

import java.util.List;

/**
 * How a forecast changes where a stretch of the history is missing. Immutable.
 *
 * @param target what is explained
 * @param forecast its value with the whole history, in original units
 * @param stretches in the order of channels and time; those with nothing observed are left out
 */
public record Occlusion(Target target, double forecast, List<Stretch> stretches) {
    /** Takes the stretches as they are. */
    public Occlusion {
        stretches = List.copyOf(stretches);
    }

    /**
     * A stretch of the history.
     *
     * @param channel input channel
     * @param from its first step
     * @param to the step after its last
     * @param effect the forecast less what it is without the stretch
     */
    public record Stretch(int channel, int from, int to, double effect) {}
}
