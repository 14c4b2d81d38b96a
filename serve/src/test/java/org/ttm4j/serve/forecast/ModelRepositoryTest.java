package org.ttm4j.serve.forecast;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRepositoryTest {
    @Test
    void aFolderThatCannotBeLoadedLeavesNoName(@TempDir Path empty) {
        ModelRepository models = new ModelRepository(Map.of(), new SimpleMeterRegistry());
        assertThrows(IOException.class, () -> models.load("new", empty));
        assertFalse(models.names().contains("new"));
    }
}
