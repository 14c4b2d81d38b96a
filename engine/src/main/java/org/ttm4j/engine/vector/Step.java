package org.ttm4j.engine.vector;

import java.util.List;

/**
 * A loop over vectors that C2 must compile separately. C2 inlines hot methods into their callers until a budget is
 * spent (see {@link Lanes}) and may stop in the middle of a loop, whose vectors are then boxed, so that it takes ten
 * times as long. C2 does not inline a call whose receiver had many classes, so all steps are called from the same
 * place.
 *
 * @param <T> the class that holds the operands
 */
interface Step<T> {
    void run(T operands);

    static <T> void runAll(List<Step<T>> steps, T operands) {
        for (int i = 0; i < steps.size(); i++) steps.get(i).run(operands);
    }
}
