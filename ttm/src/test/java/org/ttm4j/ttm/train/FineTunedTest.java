package org.ttm4j.ttm.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.ttm.fixtures.Samples;
import org.ttm4j.ttm.io.Json;
import org.ttm4j.ttm.model.TtmModel;

class FineTunedTest {
    @TempDir
    Path folder;

    @Test
    void anEpochThatDivergedDoesNotPreventSaving() throws Exception {
        TtmModel model = new TtmModel(Samples.config().build()).initialize(1);
        Channels channels = new Channels(List.of(Channels.Channel.of("load", Channels.Role.TARGET, 0, 1)));
        List<FineTuning.Epoch> epochs = List.of(new FineTuning.Epoch(0, Double.NaN, 0.5, true, Duration.ZERO),
                new FineTuning.Epoch(1, 0.5, Double.POSITIVE_INFINITY, false, Duration.ZERO));
        new FineTuned(model, channels, FineTuningOptions.defaults(), List.of(), 0.1, epochs, 0, 0.5).save(folder);
        List<?> rows = (List<?>) Json.readObject(folder.resolve("training.json"), 1 << 20).get("epochs");
        assertEquals(0.5, ((Map<?, ?>) rows.get(0)).get("validation_loss"));
        assertNull(((Map<?, ?>) rows.get(1)).get("validation_loss"));
    }
}
