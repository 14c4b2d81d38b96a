package org.ttm4j.engine.vector;

import java.util.List;

/**
 * A loop over vectors that C2 must compile by itself. It inlines hot methods into their callers until a budget is spent
 * (see {@link Lanes}), and then stops in the middle of some step: its vectors are boxed, and that step takes ten times
 * as long. What it does not inline is a call that has met many classes; so all steps are called in the same place.
 *
 * @param <T> holds the operands
 */
interface Step<T> {
    void run(T operands);

    static <T> void runAll(List<Step<T>> steps, T operands) {
        for (int i = 0; i < steps.size(); i++) steps.get(i).run(operands);
    }
}
