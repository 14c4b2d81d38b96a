package org.ttm4j.serve.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.ttm4j.serve.http.Client;
import org.ttm4j.serve.http.Memory;

class JobTest {
    private final Memory memory = new Memory(1 << 28);
    private final Jobs.Job job = new Jobs.Job("a", Client.UNNAMED, 0, memory.share(), () -> {});

    @Test
    void theLastStepOfACancelledJobIsNotTaken() {
        job.begin();
        job.cancel();
        assertThrows(CancellationException.class, job::commit);
        job.end(Jobs.Job.State.DONE, () -> "made", null);
        assertEquals("cancelled", job.members().get("state"));
        Thread.interrupted();
    }

    @Test
    void aJobAtItsLastStepIsNotCancelled() {
        job.begin();
        job.commit();
        job.cancel();
        job.end(Jobs.Job.State.DONE, () -> "made", null);
        assertEquals("done", job.members().get("state"));
    }
}
