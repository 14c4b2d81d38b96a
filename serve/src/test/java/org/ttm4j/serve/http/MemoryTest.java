package org.ttm4j.serve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** What requests hold together, and what is refused. */
class MemoryTest {
    private final Memory memory = new Memory(128 << 20);

    private static Problem.Type refused(Memory.Share share, long bytes) {
        return assertThrows(Problem.class, () -> share.reserve(bytes)).type();
    }

    @Test
    void whatOthersHoldIsRefusedForAWhileAndWhatThereNeverIsForGood() {
        long all = memory.ofBatches();
        try (Memory.Share own = memory.share()) {
            try (Memory.Share other = memory.share()) {
                other.reserve(all / 2);
                assertEquals(Problem.Type.TOO_MANY_REQUESTS, refused(own, all));
                other.shrinkTo(all / 4);
                own.reserve(all / 2);
                assertEquals(Problem.Type.TOO_LARGE, refused(own, all));
            }
            own.reserve(all / 2);
        }
        try (Memory.Share next = memory.share()) {
            next.reserve(all);
        }
    }
}
