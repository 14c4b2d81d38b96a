package org.ttm4j.serve.forecast;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.serve.http.Problem;
import org.ttm4j.ttm.fixtures.Samples;

class ModelRepositoryTest {
    @Test
    void aFolderThatCannotBeLoadedLeavesNoName(@TempDir Path empty) {
        ModelRepository models = new ModelRepository(Map.of(), new SimpleMeterRegistry());
        assertThrows(IOException.class, () -> models.load("new", empty));
        assertFalse(models.names().contains("new"));
    }

    @Test
    void aModelOfTheStartKeepsItsNameWhileItsFolderIsOutOfReach(@TempDir Path folder) throws IOException {
        Path checkpoint = Samples.model(folder);
        ModelRepository models = new ModelRepository(Map.of("given", checkpoint), new SimpleMeterRegistry());
        models.load("given");
        models.unload("given");
        Files.move(checkpoint, folder.resolve("unmounted"));
        assertFalse(models.isFree("given"));
    }

    @Test
    void aModelIsUnloadedWhileAnotherIsBeingLoaded() {
        ModelRepository models = new ModelRepository(Map.of(), new SimpleMeterRegistry());
        synchronized (models) { // as a load holds it for seconds
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> models.unload(ModelRepository.DEFAULT));
        }
    }

    @Test
    void nothingIsLoadedIntoARepositoryThatIsClosed(@TempDir Path folder) throws IOException {
        ModelRepository models = new ModelRepository(Map.of(), new SimpleMeterRegistry());
        Path checkpoint = Samples.model(folder);
        models.load("mine", checkpoint);
        models.close();
        assertFalse(models.isLoaded("mine"));
        assertThrows(Problem.class, () -> models.load("mine"));
        assertThrows(Problem.class, () -> models.load("other", checkpoint));
        assertFalse(models.isLoaded("mine") || models.names().contains("other"));
    }

    @Test
    void theNameOfAModelThatIsUnloadedAndDeletedIsFree(@TempDir Path folder) throws IOException {
        ModelRepository models = new ModelRepository(Map.of(), new SimpleMeterRegistry());
        Path checkpoint = Samples.model(folder);
        models.load("mine", checkpoint);
        models.unload("mine");
        assertFalse(models.isFree("mine"), "it can be loaded again");
        Path moved = folder.resolve("moved");
        Files.move(checkpoint, moved);
        assertTrue(models.isFree("mine"));
        models.load("mine", moved);
        assertFalse(models.isFree("mine"));
        assertFalse(models.isFree(ModelRepository.DEFAULT));
    }
}
