package org.ttm4j.bench.serve;

import java.util.LinkedHashSet;
import java.util.Set;

/** What a part has found: faults, and targets of speed that were missed, which a machine that others use can cause. */
final class Verdict {
    private static final int FAULT = 1;
    private static final int MISS = 2;

    private final Set<String> faults = new LinkedHashSet<>();
    private final Set<String> misses = new LinkedHashSet<>();

    void fault(boolean isOne, String what) {
        if (isOne) faults.add(what);
    }

    void faults(Iterable<String> all) {
        all.forEach(faults::add);
    }

    void target(boolean isMet, String expected) {
        if (!isMet) misses.add("missed: expected " + expected);
    }

    /** Ends the process with 0, 1 for faults, or 2 for nothing but targets that were missed. */
    void exit() {
        faults.forEach(System.err::println);
        misses.forEach(System.err::println);
        System.exit(!faults.isEmpty() ? FAULT : misses.isEmpty() ? 0 : MISS);
    }
}
